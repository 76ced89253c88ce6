// SPDX-License-Identifier: Apache-2.0

/// Makes a value that the tests of a suite share. If that fails, the test run ends with the error.
package func shared<Value>(_ make: () throws -> Value) -> Value {
  do { return try make() } catch { fatalError("cannot make a value that tests share: \(error)") }
}
