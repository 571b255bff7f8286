// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// The client's end of one TLS connection, without a network: bytes from the peer go in, bytes for the peer come out.
///
///     connection.start()
///     send(connection.takeOutput())               // the ClientHello
///     connection.receive(bytes)                   // whatever came, in any segmentation
///     send(connection.takeOutput())               // after every call
///     if case .established = connection.state { … }
///
/// It opens no socket and reads no clock: a timeout or a reset is the caller's to notice. One connection belongs to one
/// caller at a time; many may share a context.
public final class TLSConnection {
    /// How far it has come.
    public enum State: Hashable, Sendable {
        /// `start` has been or is to be called; more bytes are needed.
        case handshaking
        /// The handshake is complete. A TLS 1.3 server may still refuse: its alert arrives with the first read.
        case established
        /// Over.
        case failed(TLSFailure)
        /// The peer sent close_notify behind the handshake (RFC 8446 §6.1), or just ended an established connection; or
        /// we closed.
        case closed
    }

    /// How far it has come.
    public private(set) var state = State.handshaking
    /// Whether the handshake was ever complete, whatever came afterwards.
    public private(set) var hasCompletedHandshake = false
    /// Whether the peer has ever spoken inside TLS.
    public private(set) var hasReceivedPlaintext = false
    /// What it comes to where it is not known that the peer has accepted the handshake, and nothing was said why not.
    private(set) var unheard = TLSOutcome.timeout
    /// server_name that is sent; nil also where the name asked for is no host name (RFC 6066 §3).
    public let serverName: DomainName?

    private let decoders: TLSContext.Decoders
    let ssl: OpaquePointer
    let notes: UnsafeMutablePointer<HandshakeNotes>
    // Both belong to `ssl`, which frees them.
    private let fromPeer: OpaquePointer
    private let toPeer: OpaquePointer
    private(set) var extendedMasterSecret: Bool?
    private var recordHeaderSeen = 0
    private var plaintext: [UInt8] = []

    /// A connection that has sent nothing yet.
    /// - Parameter serverName: what server_name says (RFC 6066 §3), without the trailing dot; nil sends none.
    /// - Throws: when the library cannot make one.
    public init(context: TLSContext, serverName: DomainName?) throws(TLSLibraryError) {
        ErrorQueue.clear()
        guard let ssl = SSL_new(context.handle) else { throw TLSLibraryError("SSL_new") }
        guard let fromPeer = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw TLSLibraryError("BIO_new")
        }
        guard let toPeer = BIO_new(BIO_s_mem()) else {
            BIO_free(fromPeer)
            SSL_free(ssl)
            throw TLSLibraryError("BIO_new")
        }
        SSL_set_bio(ssl, fromPeer, toPeer)
        let serverName = serverName.flatMap { $0.hasHostNameSyntax ? $0 : nil }
        if let serverName, shim_SSL_set_tlsext_host_name(ssl, serverName.description) != 1 {
            let error = TLSLibraryError("SSL_set_tlsext_host_name")
            SSL_free(ssl)
            throw error
        }
        SSL_set_connect_state(ssl)
        notes = .allocate(capacity: 1)
        notes.initialize(to: HandshakeNotes())
        HandshakeNotes.attach(notes, to: ssl)
        decoders = context.decoders
        self.ssl = ssl
        self.fromPeer = fromPeer
        self.toPeer = toPeer
        self.serverName = serverName
    }

    deinit {
        SSL_free(ssl)
        notes.deinitialize(count: 1)
        notes.deallocate()
    }

    // MARK: The network's side

    /// Produces the ClientHello.
    public func start() {
        advance()
    }

    /// Takes bytes that the peer sent. Once the connection has failed or is closed they are ignored.
    public func receive(_ bytes: some Collection<UInt8>) {
        guard isOpen, !bytes.isEmpty else { return }
        if bytes.withContiguousStorageIfAvailable({ feed(UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { feed($0) }
        }
    }

    /// What the peer is to get, in order; empty when nothing. To be asked after every other call.
    public func takeOutput() -> [UInt8] {
        let count = BIO_ctrl_pending(toPeer)
        guard count > 0 else { return [] }
        return Array(unsafeUninitializedCapacity: count) { buffer, filled in
            filled = Int(max(0, BIO_read(toPeer, buffer.baseAddress, Int32(clamping: count))))
        }
    }

    /// The peer closed or reset the connection beneath: during the handshake that is `eof` or `reset`, unless a warning
    /// said why; afterwards the end.
    public func endOfInput(isReset: Bool = false) {
        guard isOpen else { return }
        unheard = isReset ? .reset : .eof
        state =
            hasCompletedHandshake
            ? .closed : .failed(TLSFailure(hangingUp: unheard, after: notes.pointee, detail: "connection closed"))
    }

    // MARK: Our side

    /// Sends bytes inside TLS. Nothing happens unless the connection is established.
    public func send(_ plaintext: [UInt8]) {
        guard case .established = state, !plaintext.isEmpty else { return }
        ErrorQueue.clear()
        var written = 0
        // The BIO grows as needed, so that a write is always whole.
        let result = SSL_write_ex(ssl, plaintext, plaintext.count, &written)
        if result != 1 { fail(result) }
    }

    /// What the peer said inside TLS since the last call.
    public func takePlaintext() -> [UInt8] {
        defer { plaintext = [] }
        return plaintext
    }

    /// Says close_notify, where there is somebody to say it to. Nothing is read or sent afterwards.
    public func close() {
        if case .established = state {
            ErrorQueue.clear()
            SSL_shutdown(ssl)
        }
        if isOpen { state = .closed }
    }

    // MARK: The steps

    private var isOpen: Bool {
        switch state {
        case .handshaking, .established: true
        case .failed, .closed: false
        }
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) {
        guard startsLikeARecord(bytes) else {
            let shown = bytes.prefix(40).map { (0x20...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "." }
            state = .failed(TLSFailure(outcome: .notTLS, alert: nil, detail: "no TLS record: \(String(shown))"))
            return
        }
        // More than Int32 holds never arrives at once; it would go in by pieces.
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            guard BIO_write(fromPeer, piece.baseAddress, Int32(piece.count)) == Int32(piece.count) else {
                state = .failed(TLSFailure(outcome: .localError, alert: nil, detail: "BIO_write"))
                return
            }
            rest = rest.dropFirst(piece.count)
        }
        advance()
    }

    /// Whether the first two bytes of the stream can open a record: content type 20 to 24, major version 3
    /// (RFC 8446 §5.1). The library would blame the version of a server that speaks no TLS at all.
    private func startsLikeARecord(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes.prefix(2 - recordHeaderSeen) {
            guard recordHeaderSeen == 0 ? (20...24).contains(byte) : byte == 3 else { return false }
            recordHeaderSeen += 1
        }
        return true
    }

    private func advance() {
        if case .handshaking = state {
            ErrorQueue.clear()
            let result = SSL_do_handshake(ssl)
            guard result == 1 else { return fail(result) }
            state = .established
            hasCompletedHandshake = true
            // Asked now: after a fatal error the library no longer tells.
            extendedMasterSecret = shim_SSL_get_extms_support(ssl) == 1
        }
        if case .established = state { read() }
    }

    private func read() {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while true {
                ErrorQueue.clear()
                var count = 0
                let result = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
                guard result == 1 else { return fail(result) }
                hasReceivedPlaintext = true
                plaintext.append(contentsOf: buffer.prefix(count))
            }
        }
    }

    /// Settles what a call that did not succeed means: more bytes are needed, the peer closed, or it is over.
    private func fail(_ result: Int32) {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
        case SSL_ERROR_ZERO_RETURN: endOfInput()
        default:
            var errors = ErrorQueue.drain()
            if decoders == .lean { LeanLibrary.sayAsTheWhole(&errors, &notes.pointee) }
            let place: TLSFailure.Place =
                switch SSL_get_state(ssl) {
                case _ where hasCompletedHandshake: .behindHandshake
                case TLS_ST_CR_CERT: .certificate
                default: .handshake
                }
            state = .failed(TLSFailure(errors: errors, notes: notes.pointee, at: place))
        }
    }
}
