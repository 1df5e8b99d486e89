import Glibc
import MedicalImaging

/// A private folder for what lasts no longer than its holder: headers, and files out of tars.
final class TemporaryWorkspace {
  let workspace: Workspace

  /// Makes it below TMPDIR, else /tmp, for this user alone.
  init() throws(ImageError) {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/gmai-prep-XXXXXX".utf8CString)
    // mkdtemp makes it with mode 0700 (POSIX.1-2024).
    guard unsafe mkdtemp(&template) != nil else {
      throw ImageError(
        errno == ENOSPC || errno == EDQUOT ? .outputFull : .permission,
        "No temporary folder could be made.",
        remedy: "Name a folder that you may write to, with room in it, by TMPDIR.")
    }
    // From the root of the file system, as sources are known.
    guard let real = unsafe realpath(template, nil) else {
      throw ImageError(.permission, "The temporary folder cannot be entered.")
    }
    defer { unsafe free(real) }
    let folder = unsafe String(cString: real)
    workspace = Workspace(output: folder, privateFolder: folder)
  }

  deinit { FolderTree.remove(workspace.privateFolder) }
}
