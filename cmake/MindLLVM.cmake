# LLVM and MLIR, statically linked.
#
#   mind_llvm_headers   their include directories, as system headers
#   mind_llvm_support   LLVM's support library alone
#   mind_llvm_tablegen  LLVM's TableGen library, for mind-tblgen
#   mind_llvm_static    all of MLIR, and LLVM with code generation for X86
#
# The exported CMake targets of MLIR's archives depend on the shared libLLVM;
# linking them beside LLVM's archives gives a program with LLVM in it twice,
# which aborts at start. So the archives are taken by file name, through small
# linker scripts: the linker takes from them what is used and no more.

set(MIND_LLVM_VERSION 22.1)
find_package(MLIR ${MIND_LLVM_VERSION} REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${LLVM_CMAKE_DIR})

find_program(MIND_LLVM_CONFIG llvm-config HINTS ${LLVM_TOOLS_BINARY_DIR}
             NO_DEFAULT_PATH REQUIRED)
find_program(MIND_MLIR_TBLGEN mlir-tblgen HINTS ${LLVM_TOOLS_BINARY_DIR}
             NO_DEFAULT_PATH REQUIRED)

add_library(mind_llvm_headers INTERFACE)
target_include_directories(mind_llvm_headers SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(mind_llvm_headers INTERFACE ${definitions})

# mind_llvm_target(NAME COMPONENTS... [ARCHIVES...]): an interface target that
# links these components of LLVM, and these archives, which use them.
function(mind_llvm_target name)
  cmake_parse_arguments(ARG "" "" "COMPONENTS;ARCHIVES" ${ARGN})
  execute_process(
    COMMAND ${MIND_LLVM_CONFIG} --link-static --libfiles ${ARG_COMPONENTS}
    OUTPUT_VARIABLE files OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(
    COMMAND ${MIND_LLVM_CONFIG} --link-static --system-libs ${ARG_COMPONENTS}
    OUTPUT_VARIABLE system OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(files)
  separate_arguments(system)
  # Of these nothing is used here: of z3 its solver, of xml2 Windows' manifests.
  list(FILTER system EXCLUDE REGEX "z3|xml2")
  list(JOIN ARG_ARCHIVES "\n  " archives)
  list(JOIN files "\n  " files)
  set(script ${CMAKE_BINARY_DIR}/cmake/${name}.ld)
  file(CONFIGURE OUTPUT ${script} CONTENT "GROUP(\n  ${archives}\n  ${files}\n)\n")
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE mind_llvm_headers ${script} ${system})
endfunction()

file(GLOB archives LIST_DIRECTORIES false ${LLVM_LIBRARY_DIR}/libMLIR*.a)
list(FILTER archives EXCLUDE REGEX "libMLIR(CAPI|.*Test)")
# TableGen's libraries hold global command-line options; nothing but a backend wants them.
list(FILTER archives EXCLUDE REGEX "libMLIR(TableGen|TblgenLib)")

mind_llvm_target(mind_llvm_support COMPONENTS support targetparser)
mind_llvm_target(mind_llvm_tablegen COMPONENTS tablegen support)
mind_llvm_target(mind_llvm_static ARCHIVES ${archives}
  COMPONENTS x86 orcjit passes supportlsp)
