// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Runs cases of all kinds in turn until the time is up, and counts the results.
struct Campaign {
  private let kinds: [any Kind]
  private let seed: UInt64
  private let save: String
  private let guardian: Guardian
  private var cases: [String: Int] = [:]
  private var refused: [String: Int] = [:]
  private(set) var findings = 0

  /// - Parameter save: an existing folder for failing inputs.
  init(kinds: [any Kind], seed: UInt64, save: String, guardian: Guardian) {
    (self.kinds, self.seed, self.save, self.guardian) = (kinds, seed, save, guardian)
  }

  mutating func run(seconds: Double) {
    for kind in kinds {
      for (number, sound) in kind.sound.enumerated() {
        do { try kind.read(sound) } catch { keep(sound, kind, "sound\(number)", "a valid input is rejected: \(error)") }
      }
      for (number, bomb) in kind.bombs.enumerated() { read(bomb, as: kind, "bomb\(number)") }
    }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var number: UInt64 = 0
    while clock.now < deadline {
      for (place, kind) in kinds.enumerated() where clock.now < deadline {
        // The cost of a case differs between kinds. Each kind gets 50 ms a turn, so that all have their share.
        let turn = clock.now + .milliseconds(50)
        repeat {
          var mutator = Mutator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ number &* 64 &+ UInt64(place))
          read(kind.input(&mutator), as: kind, "\(seed)-\(number)")
          number += 1
        } while clock.now < turn
      }
      if findings >= 20 { return }
    }
  }

  mutating func replay(_ input: [UInt8]) {
    for kind in kinds { read(input, as: kind, "replay") }
  }

  private mutating func read(_ input: [UInt8], as kind: any Kind, _ name: String) {
    cases[kind.name, default: 0] += 1
    // If this process dies, its input is in this file, which Tools/fuzz keeps.
    let file = "\(save)/current-\(kind.name)"
    write(input, to: file)
    do {
      try guardian.watch(input.count) { try kind.read(input) }
    } catch let finding as Finding {
      keep(input, kind, name, finding.description)
    } catch {
      refused[kind.name, default: 0] += 1
      if !error.isExpected { keep(input, kind, name, "an error of type \(type(of: error)): \(error)") }
    }
    delete(file)
  }

  private mutating func keep(_ input: [UInt8], _ kind: any Kind, _ name: String, _ what: String) {
    findings += 1
    let file = "\(save)/\(kind.name)-\(name)"
    write(input, to: file)
    print("\(file): \(what)\n    run again: Tools/fuzz --only \(kind.name) --replay \(file)")
  }

  var report: String {
    let lines = kinds.map { kind in
      "\(kind.name): \(cases[kind.name] ?? 0) cases, \(refused[kind.name] ?? 0) refused"
    }
    return (lines + ["seed \(seed): \(cases.values.reduce(0, +)) cases, \(findings) findings"]).joined(separator: "\n")
  }
}
