// Prints a manual page as scdoc text while the tree is built: `fairlead_manual 1` or `fairlead_manual 5`.
#include <iostream>
#include <string_view>

#include "app/manual.hpp"

int main(int count, char** arguments) {
  const std::string_view section = count == 2 ? arguments[1] : "";
  if (section != "1" && section != "5") return 4;
  std::cout << (section == "1" ? fairlead::app::command_manual(fairlead::app::command_tree())
                               : fairlead::app::project_manual());
  return std::cout.flush() ? 0 : 1;
}
