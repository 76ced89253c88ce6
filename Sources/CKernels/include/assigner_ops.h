#ifndef ASSIGNER_OPS_H
#define ASSIGNER_OPS_H
#endif
