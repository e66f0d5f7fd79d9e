# Run as a script: cmake "-DPAGES=FILE;FILE..." -DOUTPUT=FILE -P EmbedPages.cmake
# Writes one line MIND_PAGE("NAME", R"(text)") for each page NAME.md.

set(content "")
foreach(page IN LISTS PAGES)
  cmake_path(GET page STEM name)
  file(READ "${page}" text)
  string(APPEND content "MIND_PAGE(\"${name}\", R\"page(${text})page\")\n")
endforeach()
file(WRITE "${OUTPUT}.tmp" "${content}")
file(COPY_FILE "${OUTPUT}.tmp" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.tmp")
