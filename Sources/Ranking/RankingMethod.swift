// SPDX-License-Identifier: Apache-2.0
/// How candidates are ordered.
package enum RankingMethod: String, CaseIterable, Sendable {
  /// The model file's learned ranking; `fixed` if it has none.
  case learned
  /// A formula of three features that is not fitted to data (``FixedRanking``).
  case fixed
  /// RIGHT's score, for retrieved hashtags only: the selector's answer, "without generator" in RIGHT's ablation.
  case rightScore = "right"
  /// Only what the generator wrote, in its order: RIGHT's and ASSIGNER's answer.
  case generated
}
