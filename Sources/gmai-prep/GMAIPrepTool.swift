import CommandLineKit
import GMAIPrep

/// The program and the table of its commands: a new one is a file in Commands and a line here.
enum GMAIPrepTool {
  static let tool = CommandLineTool(
    name: "gmai-prep",
    version: ToolVersion.current,
    abstract:
      "Turns hospital imaging into training data for medical vision-language models.",
    commands: [
      InspectCommand.command,
      ConvertCommand.command,
      VolumeCommand.command,
      SliceCommand.command,
      TileCommand.command,
      PartitionCommands.plan,
      PartitionCommands.work,
      PartitionCommands.merge,
      RecipeCommand.command,
      SampleDataCommand.command,
      WorkerProcessCommand.command,
    ])
}
