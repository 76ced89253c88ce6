// SPDX-License-Identifier: Apache-2.0
/// Makes an index file: from nothing, or from an index to which rows are added or from which they are removed.
///
/// ```swift
/// var builder = CorpusIndexBuilder(options)
/// for tweet in corpus { try builder.add(IndexRow(vector: encode(tweet), hashtags: …)) }
/// for hashtag in builder.hashtagsWithoutEmbedding { try builder.setEmbedding(select(hashtag), of: hashtag) }
/// for tweet in corpus { builder.recordMentions(words: …, carried: …) }     // optional second reading
/// try builder.write(to: path)
/// ```
/// Everything happens in memory until `write`, which makes a new file beside the old one and renames it: whoever reads the
/// old index keeps it, and an interruption leaves it whole. Lock its `OutputFile` from opening the old index to writing the
/// new one. The same rows, options and (for training) machine make the same bytes.
package struct CorpusIndexBuilder: Sendable {
  let options: IndexOptions
  var hashtags = HashtagCatalog()
  /// The hashtags of each row, ascending. An empty list is a tombstone: the row is gone, and writing drops it.
  var rows: [[UInt32]] = []
  var identifiers: [String] = []
  var texts: [String] = []
  /// The words of each row, where the index is searched by words.
  var rowWords: [[RowWord]] = []
  var nextNumber = 0
  /// Vectors of all rows so far, [rows, d], while there is no quantiser.
  var waiting: [Float] = []
  /// nil until the quantiser is trained.
  var codes: RowCodes?
  /// The lists' centroids, where there are lists, and the list of every row that has been put into one.
  var coarse: CoarseQuantizer?
  var lists: [UInt32] = []
  private var rowsByIdentifier: [String: Int] = [:]
  /// Whether the rows were named by version 1 of `RowName`, under which names callers may still ask for them.
  private var hasOldNames = false

  /// An index from nothing.
  /// - Throws: `shape` if codes cannot have the sizes of the options.
  package init(_ options: IndexOptions) throws(RetrievalError) {
    var options = options
    let subquantizers =
      options.subquantizers ?? ProductQuantizer.defaultSubquantizers(dimension: max(2, options.dimension))
    options.subquantizers = subquantizers
    if let objection = ProductQuantizer.objection(dimension: options.dimension, subquantizers: subquantizers) {
      throw .shape(objection)
    }
    self.options = options
  }

  /// An index that changes: its rows and hashtags are taken over, its quantiser stays as it is.
  package init(editing index: CorpusIndex, createdBy: String = "assigner") throws(RetrievalError) {
    options = IndexOptions(
      dimension: index.dimension, modelFingerprint: index.modelFingerprint,
      subquantizers: index.quantizer.subquantizers, keepsText: index.keepsText,
      indexesWords: index.hasWords, createdBy: createdBy)
    hashtags = HashtagCatalog(index)
    codes = RowCodes(index)
    if let taken = index.lists?.taken(dimension: index.dimension) { (lists, coarse) = taken }
    nextNumber = index.nextNumber
    hasOldNames = index.rowNames != RowName.version
    rowWords = index.words?.rows() ?? []
    do {
      rows = (0..<index.rowCount).map { row in index.hashtags(ofRow: row).map { UInt32($0) } }
      for row in 0..<index.rowCount {
        let name = try index.identifier(ofRow: row)
        let identifier = index.rowNames == RowName.version ? name : RowName.upgraded(name, nextNumber: nextNumber)
        identifiers.append(identifier)
        rowsByIdentifier[identifier] = row
      }
      if let table = try index.texts() { texts = (0..<table.count).map { table[$0] } }
    } catch {
      throw .file(error)
    }
  }

  /// Whether rows must bring their text.
  package var keepsText: Bool { options.keepsText }

  /// Whether rows must bring their words.
  package var indexesWords: Bool { options.indexesWords }

  /// Rows that are there.
  package var rowCount: Int { rows.count { !$0.isEmpty } }

  /// Adds a tweet. One whose identifier is there already takes its place; one without an identifier takes nobody's.
  /// - Returns: false, and nothing happens, if it has no hashtag with a normal form.
  /// - Throws: `vector` for a wrong width or a component that is no ordinary number, `missingText`, `missingWords`.
  /// - Complexity: O(16 d) once the quantiser is trained.
  @discardableResult
  package mutating func add(_ row: IndexRow) throws(RetrievalError) -> Bool {
    let name = row.identifier.map(RowName.given) ?? RowName.made(nextNumber)
    try check(row.vector, name)
    if options.keepsText, row.text == nil { throw .missingText(row: name) }
    if options.indexesWords, row.words == nil, row.countedWords == nil { throw .missingWords(row: name) }
    var seen: Set<String> = []
    let forms = row.hashtags.filter { !$0.normal.isEmpty && seen.insert($0.normal).inserted }
    if forms.isEmpty { return false }
    if row.identifier == nil { nextNumber += 1 }
    if let old = rowsByIdentifier.updateValue(rows.count, forKey: name) { rows[old] = [] }
    rows.append(forms.map { UInt32(hashtags.enter($0)) }.sorted())
    identifiers.append(name)
    if options.keepsText { texts.append(row.text ?? "") }
    if options.indexesWords { rowWords.append(row.countedWords ?? Self.counted(row.words ?? [])) }
    if codes != nil {
      codes?.append(row.vector)
    } else {
      waiting += row.vector
      if rows.count >= options.trainingRows { try train() }
    }
    return true
  }

  /// Removes the tweet of that name (``RowName``). Names of other rows stay, and a running number is never used again.
  /// - Returns: whether it was there.
  @discardableResult
  package mutating func remove(identifier: String) -> Bool {
    let old = hasOldNames ? RowName.upgraded(identifier, nextNumber: nextNumber) : identifier
    guard let row = rowsByIdentifier.removeValue(forKey: identifier) ?? rowsByIdentifier.removeValue(forKey: old) else {
      return false
    }
    rows[row] = []
    return true
  }

  /// Removes a hashtag from all rows; rows that carry no other go, too.
  /// - Returns: how many rows carried it.
  @discardableResult
  package mutating func remove(hashtag normal: String) -> Int {
    guard let number = hashtags.numbers[normal] else { return 0 }
    var changed = 0
    for row in rows.indices where rows[row].contains(UInt32(number)) {
      rows[row].removeAll { $0 == UInt32(number) }
      if rows[row].isEmpty { rowsByIdentifier[identifiers[row]] = nil }
      changed += 1
    }
    return changed
  }

  func check(_ vector: [Float], _ name: String) throws(RetrievalError) {
    if vector.count != options.dimension {
      throw .vector(row: name, "the embedding has \(vector.count) components, not \(options.dimension)")
    }
    if !vector.allSatisfy({ abs($0) <= 1e3 }) {
      throw .vector(row: name, "the embedding has a component that is no ordinary number")
    }
  }

  /// Trains the quantiser on the rows that wait, and encodes them.
  mutating func train() throws(RetrievalError) {
    let dimension = options.dimension
    let vectors = waiting
    let (subquantizers, seed) = (options.subquantizers ?? 2, options.seed)
    let trained = vectors.withUnsafeBufferPointer { buffer in
      Result { () throws(RetrievalError) in
        try ProductQuantizer.train(buffer, dimension: dimension, subquantizers: subquantizers, seed: seed)
      }
    }
    var encoded = RowCodes(try trained.get())
    for row in 0..<vectors.count / dimension {
      encoded.append(Array(vectors[row * dimension..<(row + 1) * dimension]))
    }
    codes = encoded
    waiting = []
  }
}
