# The functions that the rooms' CMakeLists.txt are written in.
#
#   mind_add_library(MindSema Checker.cpp Names.cpp LINK MindSyntax MindShape)
#     A static library. Sources come first. Options:
#       LINK...     what it uses; links are public
#       DEPENDS...  generated headers (targets of mind_tablegen) it includes
#       MLIR        uses MLIR, and the precompiled header of MLIR's headers
#       NO_LLVM     uses not even LLVM's support library
#   mind_add_tool(mindc main.cpp LINK MindCompiler [MLIR])
#     A program in build/bin.
#   mind_add_unittest(MindShapeTests BroadcastTest.cpp LINK MindShape [MLIR])
#     A GoogleTest program in build/test/Unit, run by `make test`.
#   mind_add_benchmark(MindSyntaxBenchmarks LexerBenchmark.cpp LINK MindSyntax [MLIR])
#     A Google Benchmark program in build/bench.
#   mind_follow_profile(MindSema MindIRGen)
#     Optimises libraries for what compilations usually do, as it was recorded
#     (compilation.profdata); or, with MIND_PROFILE=record, makes them record it.
#   mind_sources_follow_profile(MindKernels Matmul.cpp)
#     The same of some sources of a library.
#   mind_optimise_together(MindSema MindIRGen)
#     Puts what link-time optimisation needs into the objects, beside their code.
#   mind_link_fast(mind-bench)
#     For what compiles in microseconds: optimises across the libraries that were made
#     for it, and puts the functions that a short compilation calls side by side
#     (startup-order.txt).
#   mind_start_fast(mindc)
#     The same, and makes LLVM's static constructors run when code is first generated
#     instead of at the start of the program (Mind/Basic/DeferredConstructors.h);
#     strings stay beside what is near them in the source. There is no shared library
#     to load, so that the program cannot load one later either.
#   mind_tablegen(MindOpsIncGen
#     DEFINITIONS include/Mind/Dialect/Mind/IR/MindOps.td
#     GENERATE MindOps.h.inc      "-gen-op-decls"
#              MindDialect.h.inc  "-gen-dialect-decls -dialect=mind"
#     [TOOL mind-tblgen] [DEPENDS...])
#     Pairs of an output and its generator's flags, written beside where the
#     definitions would be in the build folder's include/, so that they are
#     included as "Mind/Dialect/Mind/IR/MindOps.h.inc". Paths start at the root.
#   mind_add_doc(dialect.md
#     DEFINITIONS include/Mind/Dialect/Mind/IR/MindOps.td
#     FLAGS "-gen-dialect-doc -dialect=mind" [TITLE "The mind dialect"])
#     A page of docs/reference, made by mlir-tblgen and committed; the target
#     mind-docs (`make docs`) brings the committed page up to date, and a test
#     says when that was forgotten. Several DEFINITIONS make one page.

find_package(Threads REQUIRED)

set(MIND_INCLUDE_DIRS ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
add_library(mind_headers INTERFACE)
target_include_directories(mind_headers INTERFACE ${MIND_INCLUDE_DIRS})

# Makes MLIR's headers once for every target that is marked MLIR.
add_library(MindPch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch/MlirPch.cpp)
target_link_libraries(MindPch PRIVATE mind_headers mind_llvm_headers)
target_compile_options(MindPch PRIVATE -fno-exceptions)
target_precompile_headers(MindPch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch/MlirPch.h)
if(MIND_CCACHE)
  # The header's file names its own folder, so it is cached for that folder only;
  # what it stands for is told to ccache in a file beside it.
  set_target_properties(MindPch PROPERTIES CXX_COMPILER_LAUNCHER
    "${MIND_CCACHE_LAUNCHER};${MIND_CCACHE}")
  file(SHA256 ${PROJECT_SOURCE_DIR}/cmake/pch/MlirPch.h checksum)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/CMakeFiles/MindPch.dir/cmake_pch.hxx.pch.sum
       CONTENT "${checksum} ${LLVM_PACKAGE_VERSION} ${CMAKE_CXX_COMPILER_VERSION}\n")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/cmake/pch/MlirPch.h)

# What libraries and programs have in common.
macro(mind_configure_target name)
  target_compile_options(${name} PRIVATE -fno-exceptions)
  target_link_libraries(${name} PUBLIC mind_headers ${ARG_LINK})
  if(ARG_MLIR)
    target_link_libraries(${name} PUBLIC mind_llvm_static)
    target_precompile_headers(${name} REUSE_FROM MindPch)
  elseif(NOT ARG_NO_LLVM)
    target_link_libraries(${name} PUBLIC mind_llvm_support)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endmacro()

function(mind_add_library name)
  cmake_parse_arguments(ARG "MLIR;NO_LLVM" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  mind_configure_target(${name})
endfunction()

function(mind_add_tool name)
  cmake_parse_arguments(ARG "MLIR;NO_LLVM" "" "LINK;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  mind_configure_target(${name})
  # Position-dependent: a quarter of a million relocations less at start-up.
  target_link_options(${name} PRIVATE -no-pie)
endfunction()

# All of it is asked of lld. Without it constructors run at the start, as they do
# under sanitizers, whose own must come first.
include(CheckLinkerFlag)
include(CheckCXXSourceCompiles)
set(MIND_DEFERRED_CONSTRUCTORS ${PROJECT_SOURCE_DIR}/cmake/DeferredConstructors.ld)
if(MIND_LLD AND NOT MIND_SANITIZER)
  check_linker_flag(CXX "--ld-path=${MIND_LLD};-Wl,-T,${MIND_DEFERRED_CONSTRUCTORS}"
    MIND_CAN_DEFER_CONSTRUCTORS)
  # Threads in static programs are whole since glibc 2.34.
  set(CMAKE_REQUIRED_LINK_OPTIONS --ld-path=${MIND_LLD} -static)
  set(CMAKE_REQUIRED_LIBRARIES z zstd m)
  check_cxx_source_compiles("
    #include <features.h>
    #if !__GLIBC_PREREQ(2, 34)
    #error
    #endif
    int main() {}" MIND_CAN_LINK_STATICALLY)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()

# Profiles and fat objects are those of this compiler.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT MIND_SANITIZER
   AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"
   AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 22)
  set(MIND_IS_CLANG_RELEASE ON)
endif()

# Functions that have changed since are optimised as if nothing were known of them.
set(MIND_PROFILE_FILE ${PROJECT_SOURCE_DIR}/cmake/compilation.profdata)
function(mind_follow_profile)
  foreach(name IN LISTS ARGN)
    get_target_property(sources ${name} SOURCES)
    mind_sources_follow_profile(${name} ${sources})
  endforeach()
endfunction()
function(mind_sources_follow_profile name)
  if(MIND_PROFILE STREQUAL "record")
    set(options -fprofile-generate)
    target_link_options(${name} INTERFACE -fprofile-generate)
  elseif(MIND_PROFILE STREQUAL "use" AND MIND_IS_CLANG_RELEASE)
    # What is seldom executed lies apart.
    set(options -fprofile-use=${MIND_PROFILE_FILE} -fsplit-machine-functions
                -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date
                -Wno-backend-plugin)
    set(depends ${MIND_PROFILE_FILE})
  else()
    return()
  endif()
  get_target_property(folder ${name} SOURCE_DIR)
  foreach(source IN LISTS ARGN)
    # A property of a source is found by its path from here.
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
    set_property(SOURCE ${source} TARGET_DIRECTORY ${name} APPEND
      PROPERTY COMPILE_OPTIONS ${options})
    set_property(SOURCE ${source} TARGET_DIRECTORY ${name} APPEND
      PROPERTY OBJECT_DEPENDS ${depends})
  endforeach()
endfunction()

# Fat objects, since most programs take the code that is there.
if(MIND_LLD AND MIND_IS_CLANG_RELEASE)
  set(MIND_CAN_OPTIMISE_TOGETHER ON)
endif()
function(mind_optimise_together)
  if(MIND_CAN_OPTIMISE_TOGETHER)
    foreach(name IN LISTS ARGN)
      target_compile_options(${name} PRIVATE -flto=thin -ffat-lto-objects)
    endforeach()
  endif()
endfunction()

function(mind_link_fast name)
  if(MIND_CAN_OPTIMISE_TOGETHER)
    # Programs share most of the code that is made when they are linked.
    target_link_options(${name} PRIVATE -flto=thin -Wl,--fat-lto-objects
      -fsplit-machine-functions
      -Wl,--thinlto-cache-dir=${PROJECT_BINARY_DIR}/CMakeFiles/thinlto
      -Wl,--thinlto-cache-policy=cache_size_bytes=200m)
  endif()
  if(MIND_LLD)
    set(order ${PROJECT_SOURCE_DIR}/cmake/startup-order.txt)
    target_link_options(${name} PRIVATE
      -Wl,--symbol-ordering-file=${order} -Wl,--no-warn-symbol-ordering)
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${order})
  endif()
endfunction()

function(mind_start_fast name)
  mind_link_fast(${name})
  if(MIND_CAN_LINK_STATICALLY)
    target_link_options(${name} PRIVATE -static -Wno-unused-command-line-argument)
  endif()
  if(MIND_CAN_DEFER_CONSTRUCTORS)
    target_link_options(${name} PRIVATE -Wl,-T,${MIND_DEFERRED_CONSTRUCTORS} -Wl,-O0)
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS
      ${MIND_DEFERRED_CONSTRUCTORS})
    # The linker writes a page at a time, and so the file lies in memory until it is
    # read anew. A copy lies there in large pieces, as what was installed does, which
    # takes a quarter off a run of tier 1.
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND cp $<TARGET_FILE:${name}> $<TARGET_FILE:${name}>.copy
      COMMAND mv -f $<TARGET_FILE:${name}>.copy $<TARGET_FILE:${name}>)
  endif()
endfunction()

function(mind_add_unittest name)
  mind_add_tool(${name} ${ARGN})
  find_package(GTest REQUIRED)
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test/Unit)
endfunction()

function(mind_add_benchmark name)
  mind_add_tool(${name} ${ARGN})
  find_package(benchmark REQUIRED)
  target_link_libraries(${name} PRIVATE benchmark::benchmark)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
endfunction()

function(mind_tablegen name)
  cmake_parse_arguments(ARG "" "DEFINITIONS;TOOL" "GENERATE;DEPENDS" ${ARGN})
  set(tool ${MIND_MLIR_TBLGEN})
  if(ARG_TOOL)
    set(tool ${ARG_TOOL})
  endif()
  set(definitions ${PROJECT_SOURCE_DIR}/${ARG_DEFINITIONS})
  cmake_path(GET ARG_DEFINITIONS PARENT_PATH folder)
  set(outputs)
  while(ARG_GENERATE)
    list(POP_FRONT ARG_GENERATE file flags)
    separate_arguments(flags)
    set(output ${PROJECT_BINARY_DIR}/${folder}/${file})
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${tool} ${flags} -I ${PROJECT_SOURCE_DIR}/include
              -I ${MLIR_INCLUDE_DIRS} ${definitions}
              --write-if-changed -o ${output} -d ${output}.d
      DEPFILE ${output}.d
      DEPENDS ${definitions} ${tool} ${ARG_DEPENDS}
      COMMENT "Generating ${folder}/${file}"
      VERBATIM)
    list(APPEND outputs ${output})
  endwhile()
  add_custom_target(${name} DEPENDS ${outputs})
endfunction()

# Every page of docs/reference, made in the build folder; and copied to its place.
add_custom_target(mind-docs-pages ALL)
add_custom_target(mind-docs)

function(mind_add_doc page)
  cmake_parse_arguments(ARG "" "FLAGS;TITLE" "DEFINITIONS" ${ARGN})
  separate_arguments(ARG_FLAGS)
  set(parts)
  foreach(definitions IN LISTS ARG_DEFINITIONS)
    string(REPLACE "/" "-" part ${definitions})
    set(part ${PROJECT_BINARY_DIR}/docs/parts/${part}.md)
    add_custom_command(
      OUTPUT ${part}
      COMMAND ${MIND_MLIR_TBLGEN} ${ARG_FLAGS} -I ${PROJECT_SOURCE_DIR}/include
              -I ${MLIR_INCLUDE_DIRS} ${PROJECT_SOURCE_DIR}/${definitions}
              -o ${part} -d ${part}.d
      DEPFILE ${part}.d
      DEPENDS ${PROJECT_SOURCE_DIR}/${definitions}
      COMMENT "Documenting ${definitions}"
      VERBATIM)
    list(APPEND parts ${part})
  endforeach()
  set(output ${PROJECT_BINARY_DIR}/docs/${page})
  list(JOIN ARG_DEFINITIONS ", " names)
  set(head "<!-- Written by `make docs` from ${names}; edit those. -->\n")
  if(ARG_TITLE)
    string(APPEND head "\n# ${ARG_TITLE}\n")
  endif()
  file(CONFIGURE OUTPUT ${output}.head CONTENT "${head}")
  add_custom_command(
    OUTPUT ${output}
    COMMAND sed -e "/^.TOC.$/d" -e "/^<!-- Autogenerated/d"
            ${output}.head ${parts} > ${output}
    DEPENDS ${parts}
    COMMENT "Writing docs/${page}"
    VERBATIM)
  mind_copy_doc(${page})
endfunction()

# Makes a page in the build folder's docs/ one of docs/reference, or of the
# folder that is given.
function(mind_copy_doc page)
  set(folder docs/reference)
  if(ARGC GREATER 1)
    set(folder ${ARGV1})
  endif()
  set(output ${PROJECT_BINARY_DIR}/docs/${page})
  add_custom_target(mind-doc-${page} DEPENDS ${output})
  add_dependencies(mind-docs-pages mind-doc-${page})
  add_custom_target(mind-doc-copy-${page}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${output}
            ${PROJECT_SOURCE_DIR}/${folder}/${page}
    DEPENDS ${output})
  add_dependencies(mind-docs mind-doc-copy-${page})
endfunction()
