/// Which version of the toolkit this is: shown by `--version` and written into data sets.
public enum ToolVersion {
  public static let current = "0.1.0"
}
