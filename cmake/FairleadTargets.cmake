# One function per kind of target, so that every folder's list is its name and what it stands on.

# fairlead_room(NAME DEPENDS rooms... LIBRARIES libs...): kernel/NAME/*.cpp as the static library fairlead_NAME.
function(fairlead_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(TRANSFORM ROOM_DEPENDS PREPEND fairlead_)
  if(sources)
    add_library(fairlead_${name} STATIC ${sources})
    target_include_directories(fairlead_${name} PUBLIC ${CMAKE_SOURCE_DIR}/kernel)
    target_link_libraries(fairlead_${name} PUBLIC ${ROOM_DEPENDS} PRIVATE ${ROOM_LIBRARIES})
  else()
    add_library(fairlead_${name} INTERFACE)
    target_include_directories(fairlead_${name} INTERFACE ${CMAKE_SOURCE_DIR}/kernel)
    target_link_libraries(fairlead_${name} INTERFACE ${ROOM_DEPENDS})
  endif()
endfunction()

# What a sanitizer build needs: sanitizer_tests for the labels unit, negative and threads, thread_tests for threads.
add_custom_target(sanitizer_tests)
add_custom_target(thread_tests)

# What `cmake --install` takes, without the tests.
add_custom_target(installed)

# fairlead_plugin(NAME LIBRARIES libs...): plugins/NAME/*.cpp as build/.../plugins/NAME.so with one exported symbol.
function(fairlead_plugin name)
  cmake_parse_arguments(PLUGIN "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(${name} MODULE ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  target_link_libraries(${name} PRIVATE fairlead_sdk ${PLUGIN_LIBRARIES})
  target_link_options(${name} PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/sdk/plugin.map -Wl,--exclude-libs,ALL)
  if(NOT FAIRLEAD_SANITIZE)  # whose symbols come from the program
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/plugin.map)
  add_dependencies(sanitizer_tests ${name})
  add_dependencies(thread_tests ${name})
  add_dependencies(installed ${name})
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/fairlead/plugins COMPONENT fairlead)
endfunction()

# Tests that need a place include "build_paths.hpp". A definition on the command line would put this clone's path into
# every compilation, and ccache would never hit in another clone.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/build_paths.hpp CONTENT [[
/// Where this tree was built; generated.
#pragma once
#ifndef FAIRLEAD_SOURCE_DIR
#define FAIRLEAD_SOURCE_DIR "@CMAKE_SOURCE_DIR@"
#define FAIRLEAD_BINARY_DIR "@CMAKE_BINARY_DIR@"
#endif
]] @ONLY)

# fairlead_test(NAME SOURCES files... LIBRARIES libs... LABELS labels... [TIMEOUT seconds]): a GoogleTest program,
# one ctest entry for each test in it.
function(fairlead_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;PROPERTIES" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 60)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
  if("unit" IN_LIST TEST_LABELS OR "negative" IN_LIST TEST_LABELS)
    add_dependencies(sanitizer_tests ${name})
  endif()
  if("threads" IN_LIST TEST_LABELS)
    add_dependencies(sanitizer_tests ${name})
    add_dependencies(thread_tests ${name})
  endif()
  target_precompile_headers(${name} PRIVATE <gtest/gtest.h>)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
                       PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT} ${TEST_PROPERTIES})
endfunction()
