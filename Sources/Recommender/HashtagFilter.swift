// SPDX-License-Identifier: Apache-2.0

/// A deny list and an allow list. They compare hashtag normal forms and filter the final ranking.
package struct HashtagFilter: Equatable, Sendable {
  private var denied: Set<String> = []
  private var allowed: Set<String>?

  /// A filter that lets everything pass.
  package init() {}

  package init(deny: HashtagList?, allow: HashtagList?) {
    denied = deny?.hashtags ?? []
    allowed = allow?.hashtags
  }

  /// Whether the hashtag with this normal form may be recommended. The deny list wins.
  package func passes(_ normal: String) -> Bool {
    !denied.contains(normal) && (allowed?.contains(normal) ?? true)
  }
}
