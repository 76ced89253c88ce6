// SPDX-License-Identifier: Apache-2.0
/// The kernels of the runtime: one file per instruction set, and one dispatch. The umbrella header of the module.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "assigner_isa.h"
#include "assigner_ops.h"
#include "scan.h"

#endif
