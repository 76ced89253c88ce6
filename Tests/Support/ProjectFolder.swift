/// The project's folder, for files that the tests of several rooms read.
public enum ProjectFolder {
  public static let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  public static func file(_ name: String) -> String { path + "/" + name }
}
