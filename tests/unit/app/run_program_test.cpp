#include "app/run_program.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>

#include "kit/descriptor.hpp"

namespace fairlead::app {
namespace {

constexpr int kNever = -1;

Program shell(std::string script) {
  Program program;
  program.arguments = {"sh", "-c", std::move(script)};
  program.most_output = 1 << 20;
  return program;
}

TEST(RunProgram, PassesInputAndOutputThrough) {
  Program program = shell("cat");
  program.input = base::Bytes(300'000, 0x61);

  const auto output = run_program(program, kNever);

  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(*output, program.input);
}

TEST(RunProgram, AddsToTheEnvironment) {
  Program program = shell("printf %s \"$FAIRLEAD_FROM\"");
  program.environment = {{"FAIRLEAD_FROM", "site-1"}};

  EXPECT_EQ(base::to_text(*run_program(program, kNever)), "site-1");
}

TEST(RunProgram, SaysWhichCodeItExitedWith) {
  const auto output = run_program(shell("exit 3"), kNever);

  EXPECT_EQ(output.error().reason, "exited");
  EXPECT_EQ(output.error().text, "sh exited with 3");
}

TEST(RunProgram, SaysThatItIsNotThere) {
  Program program = shell("");
  program.arguments = {"/nonexistent/program"};

  EXPECT_EQ(run_program(program, kNever).error().reason, "cannot_run");
}

TEST(RunProgram, TakesOutputUpToTheLimit) {
  Program program = shell("printf 1234");
  program.most_output = 4;

  EXPECT_EQ(run_program(program, kNever)->size(), 4u);
}

TEST(RunProgram, RefusesOutputAboveTheLimit) {
  Program program = shell("printf 1234; sleep 60");
  program.most_output = 3;

  EXPECT_EQ(run_program(program, kNever).error().reason, "too_much_output");
}

TEST(RunProgram, LeavesAProgramThatReadsNothingInPeace) {
  Program program = shell("exit 0");
  program.input = base::Bytes(1 << 20, 0x61);
  std::signal(SIGPIPE, SIG_IGN);

  EXPECT_TRUE(run_program(program, kNever).has_value());
}

TEST(RunProgram, EndsAProgramWhenToldToGiveUp) {
  const kit::Descriptor give_up(::eventfd(1, EFD_CLOEXEC));

  EXPECT_EQ(run_program(shell("sleep 60"), give_up.get()).error().reason, "given_up");
}

TEST(RunProgram, DoesNotWaitForAnOrphanThatKeepsTheOutputOpen) {
  EXPECT_EQ(base::to_text(*run_program(shell("sleep 60 2>/dev/null & printf done"), kNever)), "done");
}

}  // namespace
}  // namespace fairlead::app
