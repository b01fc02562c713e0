# fairlead_conformance(NAME [DEPENDS targets...]): one ctest entry, label conformance, that judges the plugin NAME of
# this build with fairlead-plugin-check. Its setup is NAME/NAME.check.json, copied beside the plugin.
function(fairlead_conformance name)
  cmake_parse_arguments(CONFORMANCE "" "" "DEPENDS" ${ARGN})
  if(NOT BUILD_TESTING OR NOT TARGET ${name})
    return()
  endif()
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${name}/${name}.check.json
                 ${CMAKE_BINARY_DIR}/plugins/${name}.check.json COPYONLY)
  add_custom_target(conformance_${name} ALL)
  add_dependencies(conformance_${name} ${name} fairlead_plugin_check ${CONFORMANCE_DEPENDS})
  add_test(NAME conformance.${name} COMMAND fairlead_plugin_check $<TARGET_FILE:${name}>)
  set_tests_properties(conformance.${name} PROPERTIES LABELS conformance TIMEOUT 600)
endfunction()
