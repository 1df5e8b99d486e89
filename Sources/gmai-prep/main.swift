import CommandLineKit
import Glibc

exit(GMAIPrepTool.tool.run(Array(CommandLine.arguments.dropFirst()), on: .standard()).rawValue)
