// SPDX-License-Identifier: Apache-2.0

import Diffusion
import ModelFile
import Tensors
import TestSupport
import Testing
import Text

@testable import Generation

/// Choosing from several sequences, and the reference implementation's generator as a writer.
@Suite struct SeveralCandidatesTests {
  private func hashtag(_ normal: String, _ position: Int, _ mean: Double = 0.5) -> GeneratedHashtag {
    GeneratedHashtag(normal: normal, position: position, meanProbability: mean, leastProbability: mean / 2)
  }

  @Test func choices() {
    let sequences: [CandidateChoice.Sequence] = [
      ([7, 7, 7, 7], [hashtag("kerala", 0, 0.9)]),
      ([1, 2, 3, 4, 5], [hashtag("flood", 0), hashtag("rescue", 1)]),
      ([1, 2, 3, 4, 6], [hashtag("flood", 0), hashtag("kerala", 1)]),
      ([1, 2, 3, 4, 5, 8], [hashtag("flood", 0), hashtag("rescue", 1), hashtag("rescue", 2)]),
    ]
    #expect(CandidateChoice.all.hashtags(of: sequences).count == 8)
    #expect(CandidateChoice.first.hashtags(of: sequences) == [hashtag("kerala", 0, 0.9)])
    #expect(CandidateChoice.mbr.hashtags(of: sequences).map(\.normal) == ["flood", "rescue"])
    // kerala: 2 sequences, positions 0 and 1; rescue: 2 sequences, positions 1 and 1.
    let votes = CandidateChoice.votes.hashtags(of: sequences)
    #expect(votes == [hashtag("flood", 0), hashtag("kerala", 1, 0.9), hashtag("rescue", 2)])
    for choice in CandidateChoice.allCases { #expect(choice.hashtags(of: []).isEmpty) }
  }

  @Test func theGeneratorsWriteWhatIsChosen() throws {
    let folder = TemporaryFolder()
    try TinyModel().write(to: folder.file("model"))
    let model = try ContainerFile(path: folder.file("model"), kind: .model)
    func write(_ choice: CandidateChoice, candidates: Int = 6) throws -> [GeneratedHashtag] {
      let options = SamplingOptions(steps: 3, candidates: candidates, clamp: false, choice: choice)
      let writer = try DiffusionWriter(model: model, options: GenerationOptions(sampling: options))
      return try written(by: writer, ["flood"], "water near the bridge")
    }
    let all = try write(.all)
    #expect(try write(.first) == write(.all, candidates: 1))
    #expect(try Array(all.prefix(write(.first).count)) == write(.first))
    let votes = try write(.votes)
    #expect(
      votes.count > 1 && Set(votes.map(\.normal)) == Set(all.map(\.normal)) && votes.map(\.position) == Array(votes.indices))
    let chosen = try write(.mbr).map(\.normal)
    #expect(!chosen.isEmpty && chosen.allSatisfy { Set(all.map(\.normal)).contains($0) })
  }

  @Test func theReferencesGeneratorWrites() throws {
    let path = ProjectFolder.file("Tests/GoldenFixtures/Tiny/SeqDiffuSeq/model.assigner")
    let model = try ContainerFile(path: path, kind: .model)
    #expect(try GeneratorKind.of(model) == .seqdiffuseq && GeneratorKind.seqdiffuseq.methods == [.diffusion])
    let writer = try SeqDiffuSeqWriter(
      model: model, options: GenerationOptions(sampling: SamplingOptions(candidates: 3, variance: .corrected)))
    // The tokens of "flood, fire#a": the text is split where no hashtag continues.
    let tokenizer = try Tokenizer(file: model, name: Tokenizer.name(of: "generator", in: model))
    let tokens = [0] + tokenizer.encode(" flood, fire#a") + [2, 1]
    let read = writer.read(tokens, probabilities: tokens.indices.map { Float($0 + 1) / 64 })
    #expect(read.map(\.normal) == ["flood", "fire", "a"] && read.map(\.position) == [0, 1, 2])
    #expect(read[0].leastProbability == 2.0 / 64 && read[2].meanProbability == Double(tokens.count - 2) / 64)
    let arena = Arena(capacity: writer.scratch)
    let text = "the fire is near the ridge"
    let first = try written(by: writer, ["ignored"], text, arena: arena)
    #expect(try written(by: writer, [], text, arena: arena) == first)
    #expect(first.allSatisfy { !$0.normal.isEmpty && (0...1).contains($0.meanProbability) })
    // Without its tokenizer it cannot run, and the message says what to do.
    let folder = TemporaryFolder()
    var copy = ContainerWriter(kind: .model)
    copy.setMetadata(["generator": try model.metadata.required(["generator"])])
    for section in model.sections where section.name != "metadata" && !section.name.hasPrefix("text/") {
      try copy.add(copying: section.name, from: model)
    }
    try copy.write(to: folder.file("bare"))
    let bare = try ContainerFile(path: folder.file("bare"))
    let error = #expect(throws: ContainerError.self) { try SeqDiffuSeqWriter(model: bare) }
    #expect(error?.description.contains("put vocab.json and merges.txt beside its weights") == true)
  }
}
