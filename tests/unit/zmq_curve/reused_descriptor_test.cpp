// A descriptor stands for another connection as soon as the one before it is over.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "given.hpp"

namespace {

using Ask = int (*)(int, sockaddr*, socklen_t*);

/// Port of one end of a connected TCP descriptor; 0 when it is none.
int port_of(int fd, Ask ask) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  auto* const any = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (ask(fd, any, &size) != 0 || address.sin_family != AF_INET) return 0;
  return ntohs(address.sin_port);
}

/// The descriptor of a connection to `port`, of the end that accepted it or of the one that made it.
int accepted_end(int port) {
  for (int fd = 0; fd < 1024; ++fd)
    if (port_of(fd, &::getsockname) == port && port_of(fd, &::getpeername) != 0) return fd;
  return -1;
}
int dialling_end(int port) {
  for (int fd = 0; fd < 1024; ++fd)
    if (port_of(fd, &::getpeername) == port) return fd;
  return -1;
}

void wait_until_free(int fd) {
  while (::fcntl(fd, F_GETFD) >= 0) std::this_thread::yield();
}

TEST(ReusedDescriptor, OfAConnectionThatIsOverIsNotHungUp) {
  Ends ends("clear");
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  const int port = ends.port(), accepted = accepted_end(port), dialled = dialling_end(port);
  // The threads of libzmq take both ends down; the listener has not heard of it.
  ::shutdown(dialled, SHUT_RDWR);
  wait_until_free(dialled);
  wait_until_free(accepted);
  const int next = tcp_to(port);
  std::array<uint8_t, 10> signature{};  // ZMTP 3.1: what a listener says first
  ASSERT_EQ(::recv(next, signature.data(), signature.size(), MSG_WAITALL), 10);
  ASSERT_EQ(accepted_end(port), accepted) << "the system gave it another descriptor";

  ends.accepted->close(FAIRLEAD_CLOSE_ABORT);

  pollfd end{next, POLLIN | POLLRDHUP, 0};
  EXPECT_EQ(::poll(&end, 1, 100), 0) << "a connection of somebody else was hung up";
  ::close(next);
}

}  // namespace
