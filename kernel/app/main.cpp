#include <iostream>

#include "app/command_line.hpp"
#include "app/process.hpp"

int main(int count, char** arguments) {
  fairlead::app::protect_process();
  fairlead::app::keep_freed_memory();
  return fairlead::app::run_command_line(count, arguments, {std::cin, std::cout, std::cerr});
}
