// SPDX-License-Identifier: Apache-2.0
/// By what candidates are ordered.
package enum RankingMethod: String, CaseIterable, Sendable {
  /// The model file's learned ranking; `fixed` where it has none.
  case learned
  /// A formula of three features that was not fitted to anything (``FixedRanking``).
  case fixed
  /// RIGHT's score, of retrieved hashtags alone: the selector's answer, "without generator" in RIGHT's ablation.
  case rightScore = "right"
  /// What the generator wrote and nothing else, in its order: RIGHT's and ASSIGNER's answer.
  case generated
}
