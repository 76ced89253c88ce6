// SPDX-License-Identifier: Apache-2.0

import Text

/// Deny and allow lists, compared by hashtag normal form and applied to the final list.
package struct HashtagFilter: Equatable, Sendable {
  private var denied: Set<String> = []
  private var allowed: Set<String>?

  /// Lets everything pass.
  package init() {}

  /// Takes lists as their files have them: one hashtag a line, with or without "#"; empty lines do not count.
  package init(deny: String?, allow: String?) {
    if let deny { denied = Self.read(deny) }
    allowed = allow.map(Self.read)
  }

  /// Whether the hashtag with this normal form may be recommended. The deny list wins.
  package func passes(_ normal: String) -> Bool {
    !denied.contains(normal) && (allowed?.contains(normal) ?? true)
  }

  private static func read(_ list: String) -> Set<String> {
    let lines = list.unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    return Set(lines.map { HashtagNormalForm.normalize(String($0)) }.filter { !$0.isEmpty })
  }
}
