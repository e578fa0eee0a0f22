"""An HTTPS proxy that answers by itself: whoever is told to use it believes to talk to Azure.

Each host gets a certificate of an authority that is made at the start, kept in a temporary folder
and trusted by nobody but the programs that are told to. There is no connection to anywhere else.
"""

import datetime
import json
import socketserver
import ssl
import threading
import uuid
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    """Makes certificates that last a day."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.lock = threading.Lock()
        self.contexts = {}
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "for this test only")])
        own_key = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            self.builder(self.name, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(own_key, critical=False)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = self.folder / "authority.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def builder(self, subject, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    def context(self, host):
        """What a server of this host needs for TLS."""
        with self.lock:
            if host not in self.contexts:
                self.contexts[host] = self.make(host)
            return self.contexts[host]

    def make(self, host):
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = (
            self.builder(x509.Name([]), key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{uuid.uuid4()}.pem"
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, *form)
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


class Request:
    """One request, with its body as bytes."""

    def __init__(self, method, host, target, headers, body):
        parts = urlsplit(target)
        self.method, self.host, self.headers, self.body = method, host.lower(), headers, body
        self.path = unquote(parts.path)
        self.query = {k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}

    @property
    def command(self):
        """The command of the Azure CLI that asks, as the client says itself."""
        return self.headers.get("commandname", "")


class Connection(socketserver.BaseRequestHandler):
    """One client: `CONNECT host:443`, TLS, then requests until it closes."""

    def handle(self):
        first = read_request(self.request.makefile("rb"), "", self.request)
        if first is None:
            return
        if first.method != "CONNECT":
            self.server.lost.append(f"{first.method} {first.path}, which is not encrypted")
            return
        host = first.path.rpartition(":")[0]
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            context = self.server.authority.context(host)
            with context.wrap_socket(self.request, server_side=True) as stream:
                self.serve(host, stream)
        except (OSError, ValueError) as error:
            self.server.lost.append(f"{host}: {error}")

    def serve(self, host, stream):
        reader = stream.makefile("rb")
        while True:
            request = read_request(reader, host, stream)
            if request is None:
                return
            status, headers, body = self.server.answer(request)
            write_answer(stream, request, status, headers, body)


def read_request(reader, host, stream):
    line = reader.readline(65536)
    if not line.strip():
        return None
    method, target, _ = line.decode("ascii").split(" ", 2)
    headers = {}
    while line := reader.readline(65536).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while length := int(reader.readline().split(b";")[0], 16):
            body += reader.read(length)
            reader.readline()
        reader.readline()
    elif "content-length" in headers:
        body = reader.read(int(headers["content-length"]))
    if method == "CONNECT":
        # Not a path: `urlsplit` would take the host for a scheme.
        request = Request(method, host, "", headers, body)
        request.path = target
        return request
    return Request(method, host, target, headers, body)


def write_answer(stream, request, status, headers, body):
    data = b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{k}: {v}" for k, v in headers.items()]
    if body is not None:
        lines.append("Content-Type: application/json; charset=utf-8")
    if status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(data)}")
    lines.append(f"x-ms-request-id: {uuid.uuid4()}")
    head = "\r\n".join([*lines, "", ""]).encode()
    stream.sendall(head if request.method == "HEAD" else head + data)


class Proxy(socketserver.ThreadingTCPServer):
    """`answer` is asked for status, headers and body; it may be called from several threads."""

    daemon_threads = True

    def __init__(self, folder, answer):
        super().__init__(("127.0.0.1", 0), Connection)
        self.authority = Authority(folder)
        self.answer = answer
        # Connections that did not become a request.
        self.lost = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def environment(self):
        """What tells `az` and all that uses requests, urllib or curl to come here."""
        url = f"http://127.0.0.1:{self.server_address[1]}"
        file = str(self.authority.file)
        proxies = {name: url for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
        return {**proxies, "REQUESTS_CA_BUNDLE": file, "SSL_CERT_FILE": file, "CURL_CA_BUNDLE": file}
