/// The whole command: reads the command line and runs the command it names.
#pragma once
#include <iosfwd>

namespace fairlead::app {

/// The three streams of a process; tests bring their own.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Returns the exit code. Arguments that cannot be used give 4 with one line on `err`.
int run_command_line(int count, const char* const* arguments, const Streams& streams);

}  // namespace fairlead::app
