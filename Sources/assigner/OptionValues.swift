// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diffusion
import Generation
import LineProtocol
import Ranking
import Recommender

extension AnswerFormat: ExpressibleByArgument {}
extension MemorySize: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
extension SamplingOptions.Sampler: ExpressibleByArgument {}
extension Retriever: ExpressibleByArgument {}
extension GenerationMethod: ExpressibleByArgument {}
extension RankingMethod: ExpressibleByArgument {}
extension CandidateChoice: ExpressibleByArgument {}
extension SeqDiffuSeqOptions.Variance: ExpressibleByArgument {}
