// SPDX-License-Identifier: Apache-2.0
/// Builds a new index file, or adds rows to an existing index and removes rows from it.
///
/// ```swift
/// var builder = CorpusIndexBuilder(options)
/// for tweet in corpus { try builder.add(IndexRow(vector: encode(tweet), hashtags: …)) }
/// for hashtag in builder.hashtagsWithoutEmbedding { try builder.setEmbedding(select(hashtag), of: hashtag) }
/// for tweet in corpus { builder.recordMentions(words: …, carried: …) }     // optional second pass
/// try builder.write(to: path)
/// ```
/// Everything stays in memory until `write`, which writes a new file beside the old one and renames it. Readers of the old
/// index keep it, and an interruption leaves it intact. Lock the `OutputFile` from opening the old index until the new one
/// is written. The same rows and options (and, for training, the same machine) give the same bytes.
package struct CorpusIndexBuilder: Sendable {
  let options: IndexOptions
  var hashtags = HashtagCatalog()
  /// The hashtags of each row, ascending. An empty list marks a removed row, which writing drops.
  var rows: [[UInt32]] = []
  var identifiers: [String] = []
  var texts: [String] = []
  /// The words of each row, if the index supports searching by words.
  var rowWords: [[RowWord]] = []
  var nextNumber = 0
  /// Those of the index that is changed; a new index gets its own.
  package var affixes: [Affix] = []
  /// Whether it makes a new index.
  package private(set) var isNew = true
  /// Vectors of all rows so far, [rows, d], until the quantiser is trained.
  var waiting: [Float] = []
  /// Nil until the quantiser is trained.
  var codes: RowCodes?
  /// The list centroids, if there are lists, and the list of every assigned row.
  var coarse: CoarseQuantizer?
  var lists: [UInt32] = []
  private var rowsByIdentifier: [String: Int] = [:]
  /// Whether version 1 of `RowName` named the rows. Callers may still use those names.
  private var hasOldNames = false

  /// Starts a new index.
  /// - Throws: `shape` if the options' sizes are not valid for the codes.
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

  /// Starts from an existing index: takes over its rows and hashtags, and keeps its quantiser.
  /// - Throws: `oldNormalForm`, `file`.
  package init(editing index: CorpusIndex, createdBy: String = "assigner") throws(RetrievalError) {
    try index.checkNormalForm()
    try self.init(taking: index, createdBy: createdBy)
  }

  init(taking index: CorpusIndex, createdBy: String) throws(RetrievalError) {
    options = IndexOptions(
      dimension: index.dimension, modelFingerprint: index.modelFingerprint,
      subquantizers: index.quantizer.subquantizers, keepsText: index.keepsText,
      indexesWords: index.hasWords, createdBy: createdBy)
    hashtags = HashtagCatalog(index)
    codes = RowCodes(index)
    if let taken = index.lists?.taken(dimension: index.dimension) { (lists, coarse) = taken }
    nextNumber = index.nextNumber
    (affixes, isNew) = (index.affixes, false)
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

  /// Whether added rows must have text.
  package var keepsText: Bool { options.keepsText }

  /// Whether added rows must have words.
  package var indexesWords: Bool { options.indexesWords }

  /// The number of rows, without removed ones.
  package var rowCount: Int { rows.count { !$0.isEmpty } }

  /// Adds a tweet. A tweet with a known identifier replaces the earlier row; one without an identifier replaces nothing.
  /// - Returns: false, without adding the tweet, if no hashtag has a normal form.
  /// - Throws: `vector` for a wrong width or a component that is not finite or too large, `missingText`, `missingWords`.
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

  /// Removes the tweet with this name (``RowName``). Other rows keep their names, and no running number is reused.
  /// - Returns: whether there was such a tweet.
  @discardableResult
  package mutating func remove(identifier: String) -> Bool {
    let old = hasOldNames ? RowName.upgraded(identifier, nextNumber: nextNumber) : identifier
    guard let row = rowsByIdentifier.removeValue(forKey: identifier) ?? rowsByIdentifier.removeValue(forKey: old) else {
      return false
    }
    rows[row] = []
    return true
  }

  /// Removes a hashtag from all rows, and the rows that carry no other hashtag.
  /// - Returns: the number of rows that carried it.
  @discardableResult
  package mutating func remove(hashtag normal: String) -> Int {
    guard let number = hashtags.numbers[normal] else { return 0 }
    var changed = 0
    for row in rows.indices where rows[row].contains(UInt32(number)) {
      setHashtags(rows[row].filter { $0 != UInt32(number) }, of: row)
      changed += 1
    }
    return changed
  }

  /// Without a hashtag the row is removed.
  mutating func setHashtags(_ hashtags: [UInt32], of row: Int) {
    if hashtags.isEmpty, !rows[row].isEmpty { rowsByIdentifier[identifiers[row]] = nil }
    rows[row] = hashtags
  }

  func check(_ vector: [Float], _ name: String) throws(RetrievalError) {
    if vector.count != options.dimension {
      throw .vector(row: name, "the embedding has \(vector.count) components; this index needs \(options.dimension)")
    }
    if !vector.allSatisfy({ abs($0) <= 1e3 }) {
      throw .vector(row: name, "the embedding has a component that is not finite or exceeds 1000")
    }
  }

  /// Trains the quantiser on the waiting rows and encodes them.
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
