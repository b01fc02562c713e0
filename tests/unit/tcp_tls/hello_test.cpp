// Hellos written byte by byte, for what no OpenSSL of today says any more: export ciphers, RC4, compression
// (N54).
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "against_strangers.hpp"

namespace {

using testing::HasSubstr;

constexpr uint16_t kGoodSuite = 0xC02B;  // ECDHE-ECDSA-AES128-GCM-SHA256
constexpr uint16_t kScsv = 0x00FF;       // RFC 5746: speaks of renegotiation as it should

std::string be16(size_t number) { return {static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)}; }
std::string counted16(const std::string& bytes) { return be16(bytes.size()) + bytes; }
std::string counted8(const std::string& bytes) { return static_cast<char>(bytes.size()) + bytes; }
std::string extension(uint16_t type, const std::string& content) { return be16(type) + counted16(content); }

/// One handshake message of TLS 1.2 in one record.
std::string record(char type, const std::string& body) {
  const std::string message = type + std::string(1, '\0') + counted16(body);
  return std::string("\x16\x03\x03") + counted16(message);
}

/// What both hellos begin with: version, random, no session.
std::string beginning() { return std::string("\x03\x03") + std::string(32, 'r') + counted8(""); }

std::string client_hello(const std::vector<uint16_t>& suites, const std::string& compressions) {
  std::string list;
  for (const uint16_t suite : suites) list += be16(suite);
  const std::string extensions = extension(10, counted16(be16(23))) +             // P-256
                                 extension(11, counted8(std::string(1, '\0'))) +  // uncompressed points
                                 extension(13, counted16(be16(0x0403)));          // ECDSA, SHA-256
  return record(1, beginning() + counted16(list) + counted8(compressions) + counted16(extensions));
}

std::string server_hello(uint16_t suite, char compression) {
  const std::string extensions = extension(0xFF01, std::string(1, '\0')) + extension(23, "");
  return record(2, beginning() + be16(suite) + compression + counted16(extensions));
}

constexpr char kNone = 0, kDeflate = 1;

/// A listener that is told these bytes.
class ListenerHello : public testing::Test {
 protected:
  ~ListenerHello() override { ::close(fd_); }
  /// Says this to the listener and runs until it answers or closes; what it answered.
  std::string answer_to(const std::string& bytes) {
    fd_ = dial_loopback(ends_.listener->address());
    std::string answer;
    bool said = false;
    EXPECT_TRUE(ends_.loop.run_until([&] {
      said =
          said || ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
      char chunk[4096];
      const ssize_t size = ::recv(fd_, chunk, sizeof chunk, 0);
      if (size > 0) answer.append(chunk, static_cast<size_t>(size));
      return !answer.empty();
    }));
    return answer;
  }
  /// Whether the listener has given up.
  bool closes() {
    return ends_.loop.run_until([&] { return ends_.accepted().closed == 1; });
  }

  ListenerWithStranger ends_;
  int fd_ = -1;
};

/// Where a ServerHello without a session says which suite and compression it took.
constexpr size_t kSuiteAt = 5 + 4 + 2 + 32 + 1, kCompressionAt = kSuiteAt + 2;

TEST_F(ListenerHello, AnswersAGoodOne) {
  const std::string answer = answer_to(client_hello({kGoodSuite, kScsv}, {kNone}));

  ASSERT_GT(answer.size(), kCompressionAt);
  EXPECT_EQ(answer[0], 0x16);
  EXPECT_EQ(answer[kCompressionAt], kNone);
}

TEST_F(ListenerHello, N54_NeverCompresses) {
  const std::string answer = answer_to(client_hello({kGoodSuite, kScsv}, {kDeflate, kNone}));

  ASSERT_GT(answer.size(), kCompressionAt);
  EXPECT_EQ(answer[0], 0x16);
  EXPECT_EQ(answer[kCompressionAt], kNone);
}

TEST_F(ListenerHello, N54_RefusesWhoOnlyCompresses) {
  const std::string answer = answer_to(client_hello({kGoodSuite, kScsv}, {kDeflate}));

  EXPECT_EQ(answer[0], 0x15);
  EXPECT_TRUE(closes());
  EXPECT_EQ(ends_.accepted().why, FAIRLEAD_E_PROTOCOL);
}

TEST_F(ListenerHello, N54_RefusesExportAndOldCiphers) {
  constexpr uint16_t kOld[] = {0x0000, 0x0003, 0x0006, 0x0008, 0x000B, 0x0014, 0x0017, 0x0060, 0x0062, 0x0064,
                               0x0004, 0x0005, 0x0009, 0x000A, 0xC007, 0xC008, 0xC006, 0x0001, 0x0002};
  for (const uint16_t suite : kOld) {
    const std::string answer = answer_to(client_hello({suite, kScsv}, {kNone}));
    EXPECT_EQ(answer[0], 0x15) << suite;
    EXPECT_TRUE(closes()) << suite;
    EXPECT_EQ(ends_.accepted().why, FAIRLEAD_E_PROTOCOL) << suite;
    EXPECT_THAT(ends_.accepted().detail, HasSubstr("no shared cipher")) << suite;
    ::close(fd_);
  }
}

/// A dialler that is answered with these bytes.
class DiallerHello : public testing::Test {
 protected:
  ~DiallerHello() override {
    ::close(fd_);
    ::close(listening_);
  }
  /// Dials, says this once the dialler has spoken, and runs until that has given up.
  bool refuses(const std::string& bytes) {
    std::string address;
    listening_ = listen_on_loopback(address);
    ends_.dialled = ends_.host.connect(address);
    return ends_.loop.run_until([&] {
      if (fd_ < 0) fd_ = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      char chunk[4096];
      if (fd_ >= 0 && ::recv(fd_, chunk, sizeof chunk, 0) > 0)
        ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      return ends_.dialled->closed == 1;
    });
  }

  DiallerWithStranger ends_;
  int listening_ = -1, fd_ = -1;
};

TEST_F(DiallerHello, ReadsOnBehindAGoodOne) {
  EXPECT_TRUE(refuses(server_hello(kGoodSuite, kNone) + record(11, "no list of certificates")));

  EXPECT_EQ(ends_.dialled->why, FAIRLEAD_E_PROTOCOL);
  EXPECT_THAT(ends_.dialled->detail, HasSubstr("length mismatch"));
}

TEST_F(DiallerHello, N54_RefusesCompression) {
  EXPECT_TRUE(refuses(server_hello(kGoodSuite, kDeflate)));

  EXPECT_EQ(ends_.dialled->why, FAIRLEAD_E_PROTOCOL);
  EXPECT_THAT(ends_.dialled->detail, HasSubstr("compression"));
}

TEST_F(DiallerHello, N54_RefusesAnExportCipher) {
  EXPECT_TRUE(refuses(server_hello(0x0003, kNone)));

  EXPECT_EQ(ends_.dialled->why, FAIRLEAD_E_PROTOCOL);
  EXPECT_THAT(ends_.dialled->detail, HasSubstr("cipher returned"));
}

TEST_F(DiallerHello, N54_RefusesACipherThatItDidNotOffer) {
  EXPECT_TRUE(refuses(server_hello(0x009C, kNone)));

  EXPECT_EQ(ends_.dialled->why, FAIRLEAD_E_PROTOCOL);
  EXPECT_THAT(ends_.dialled->detail, HasSubstr("cipher returned"));
}

}  // namespace
