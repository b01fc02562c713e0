// without_ipv6 PROGRAM [ARGUMENT...]: runs a program as a machine does whose kernel has no IPv6: its sockets
// are refused with EAFNOSUPPORT. Needs no privilege. For tests; never installed.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace {

/// socket(AF_INET6, ...) fails; every other system call goes through.
std::array<sock_filter, 6> filter() {
  constexpr uint32_t kNumber = offsetof(seccomp_data, nr), kFamily = offsetof(seccomp_data, args[0]);
  return {{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
           BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFamily), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 4;
  auto code = filter();
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    std::perror("without_ipv6: cannot install the filter");
    return 5;
  }
  ::execv(arguments[1], arguments + 1);
  std::perror(arguments[1]);
  return 5;
}
