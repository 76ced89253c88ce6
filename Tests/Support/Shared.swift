// SPDX-License-Identifier: Apache-2.0

/// Makes what the tests of a suite share. A test run ends here, with the error, where it cannot be made.
package func shared<Value>(_ make: () throws -> Value) -> Value {
  do { return try make() } catch { fatalError("what tests share cannot be made: \(error)") }
}
