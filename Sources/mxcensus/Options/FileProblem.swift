// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A file that could not be read or written, in the operating system's words instead of a library's.
struct FileProblem: Error, CustomStringConvertible {
    let path: String
    let doing: String
    let error: any Error

    var description: String { "\(path) cannot be \(doing): \(isFolder ? "it is a folder" : Self.describe(error))" }

    private var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func describe(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        for candidate in [underlying, error as NSError] {
            guard let candidate, candidate.domain == NSPOSIXErrorDomain else { continue }
            return String(cString: strerror(Int32(candidate.code)))
        }
        return (error as NSError).localizedDescription
    }
}
