// SPDX-License-Identifier: Apache-2.0

private import CZlib

/// Decompression of one gzip stream after another (RFC 1952), a piece at a time.
struct Inflater: ~Copyable {
    enum Status {
        /// Wants more input, or has more output to give.
        case working
        /// One member has ended, with its checksum right; another may follow.
        case memberEnd
        /// Not gzip, or damaged.
        case damaged
    }

    /// zlib keeps a pointer back to the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 16: gzip wrapping and nothing else (zlib.h, inflateInit2).
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Reads from `input` at `position`, which moves on, and appends at most `limit` octets to `output`.
    mutating func inflate(_ input: [UInt8], from position: inout Int, into output: inout [UInt8], limit: Int) -> Status
    {
        var code = Z_OK
        var used = 0
        let produced = [UInt8](unsafeUninitializedCapacity: limit) { space, count in
            input.withUnsafeBufferPointer { input in
                // zlib does not write through next_in; its type is older than `const`.
                stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
                stream.pointee.avail_in = UInt32(input.count - position)
                stream.pointee.next_out = space.baseAddress
                stream.pointee.avail_out = UInt32(limit)
                code = CZlib.inflate(stream, Z_NO_FLUSH)
                used = input.count - position - Int(stream.pointee.avail_in)
                count = limit - Int(stream.pointee.avail_out)
            }
        }
        position += used
        output.append(contentsOf: produced)
        switch code {
        case Z_STREAM_END: return .memberEnd
        case Z_OK, Z_BUF_ERROR: return .working
        default: return .damaged
        }
    }

    /// Makes ready for the next member.
    mutating func restart() {
        inflateReset(stream)
    }
}
