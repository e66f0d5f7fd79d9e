//===- Lexer.cpp - source text to tokens -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over blocks of 64 characters (Scan.h), steered by a table of
// character classes. NUL characters follow the text, so that looking ahead
// needs no test for the end.
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Lexer.h"
#include "Scan.h"
#include "Unicode.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include <array>
#include <cstring>
#include <string_view>

using namespace mind;
using llvm::isDigit;

namespace {

enum class CharClass : uint8_t {
  Other,  ///< Space, controls, and ASCII signs that MIND does not use.
  End,    ///< NUL: the end of the text, or a stray one.
  Letter, ///< ASCII letters and `_`.
  Digit,
  Sign, ///< Begins a token that is no word, or a comment.
  Quote,
  NonAscii,
};

/// What the characters are, and the tokens that signs of up to two make; there
/// is none where a table says EndOfFile.
struct CharTable {
  std::array<CharClass, 256> classes{};
  /// By a first character: the token it is, whatever follows; the token it is
  /// alone; and the one with a `=`.
  std::array<TokenKind, 256> always{}, alone{}, withEqual{};
  /// Whether a longer sign or a comment may have it as its second character,
  /// and whether a number may go on with it behind a decimal digit.
  std::array<bool, 256> isSecond{}, continuesNumber{};

  constexpr void addSign(std::string_view text, TokenKind kind) {
    auto first = (unsigned char)text[0];
    classes[first] = CharClass::Sign;
    if (text.size() == 1) {
      alone[first] = kind;
      return;
    }
    isSecond[(unsigned char)text[1]] = true;
    if (text.size() == 2 && text[1] == '=')
      withEqual[first] = kind;
  }

  constexpr CharTable() {
    classes[0] = CharClass::End;
    for (unsigned c = 'a'; c <= 'z'; ++c)
      classes[c] = classes[c - 'a' + 'A'] = CharClass::Letter;
    classes['_'] = CharClass::Letter;
    for (unsigned c = '0'; c <= '9'; ++c)
      classes[c] = CharClass::Digit;
#define MIND_PUNCTUATION(Name, Spelling) addSign(Spelling, TokenKind::Name);
#include "Mind/Syntax/Tokens.def"
    isSecond['/'] = isSecond['*'] = true; // of comments
    classes['"'] = CharClass::Quote;
    for (unsigned c = 0x80; c <= 0xFF; ++c)
      classes[c] = CharClass::NonAscii;

    for (unsigned c = 0; c != 256; ++c)
      continuesNumber[c] = c == '.' || classes[c] == CharClass::Letter ||
                           classes[c] == CharClass::NonAscii;

    always = alone;
#define MIND_PUNCTUATION(Name, Spelling)                                       \
  if (std::string_view(Spelling).size() > 1)                                   \
    always[(unsigned char)Spelling[0]] = TokenKind::EndOfFile;
#include "Mind/Syntax/Tokens.def"
  }
};

constexpr CharTable chars;

CharClass classify(char c) { return chars.classes[(unsigned char)c]; }

/// By the number of a symbol: keywords are the first of every Interner, and all
/// others are names.
constexpr TokenKind kindsOfWords[] = {
#define MIND_KEYWORD(Name, Spelling) TokenKind::Name,
#include "Mind/Syntax/Tokens.def"
    TokenKind::Identifier};

TokenKind kindOfWord(Symbol symbol) {
  constexpr uint32_t last = std::size(kindsOfWords) - 1;
  return kindsOfWords[std::min(symbol.id, last)];
}

} // namespace

Lexer::Lexer(const SourceFile &file, Interner &interner,
             DiagnosticEngine &diags)
    : interner(interner), diags(diags), base(file.begin()),
      start(file.text().data()), at(start), end(start + file.text().size()) {
  if (file.text().size() > maxFileSize) {
    report(DiagKind::FileTooLarge, SourceRange(),
           {std::to_string(file.text().size()), std::to_string(maxFileSize)});
    at = end;
    return;
  }
  if (LLVM_LIKELY(isAscii(start, end)))
    return;
  validateUtf8();
  if (file.text().starts_with("\xEF\xBB\xBF"))
    at += 3;
}

Token *Lexer::lex(Token *first, Token *limit) {
  assert(limit - first >= minRoom && "no room");
  out = first;
  while (limit - out >= minRoom && lexBlock()) {
  }
  return out;
}

bool Lexer::lexBlock() {
  static_assert(minRoom == CharBlock::maxSize);
  // Locals, since the compiler would write members to memory each time.
  const char *const text = at;
  const uint32_t textOffset = offset(text);
  const CharBlock block(text);
  Token *next = out;
  at = text + block.size();

  for (uint64_t starts = block.starts(); starts != 0;) {
    unsigned i = unsigned(llvm::countr_zero(starts));
    starts &= starts - 1;
    const char *begin = text + i;
    const uint32_t offset = textOffset + i;
    auto emit = [&](TokenKind kind, unsigned size, uint64_t payload = 0) {
      *next++ = {payload, offset, offset + size, kind};
    };
    auto first = (unsigned char)*begin;
    if (TokenKind sign = chars.always[first]; sign != TokenKind::EndOfFile) {
      emit(sign, 1);
      continue;
    }
    if (chars.classes[first] == CharClass::Letter) {
      unsigned size = block.wordSize(i);
      if (LLVM_LIKELY(size < Interner::Head::size)) {
        Symbol symbol = interner.intern({begin, size}, headOfWord(begin, size));
        emit(kindOfWord(symbol), size, symbol.id);
        continue;
      }
    } else if (chars.classes[first] == CharClass::Digit) {
      uint64_t value = first - '0';
      const char *behind = begin + 1;
      for (; isDigit(*behind); ++behind)
        value = value * 10 + uint64_t(*behind - '0');
      unsigned size = unsigned(behind - begin);
      if (LLVM_LIKELY(!chars.continuesNumber[(unsigned char)*behind] &&
                      size <= 18)) {
        emit(TokenKind::Integer, size, value);
        continue;
      }
    } else if (TokenKind sign = chars.alone[first];
               sign != TokenKind::EndOfFile &&
               !chars.isSecond[(unsigned char)begin[1]]) {
      emit(sign, 1);
      continue;
    }

    // What is not as simple as that. Behind it, any token may begin.
    const char *blockEnd = at;
    at = begin;
    out = next;
    if (begin == end) {
      endFile();
      return false;
    }
    lexRare();
    next = out;
    if (at >= blockEnd)
      break;
    starts = block.startsFrom(unsigned(at - text));
    at = blockEnd;
  }
  out = next;
  return true;
}

void Lexer::endFile() {
  // The end of the file is where its last token ends: a message about it then
  // shows a line with something on it.
  uint32_t last = out[-1].end;
  *out++ = {0, last, last, TokenKind::EndOfFile};
}

void Lexer::lexRare() {
  switch (classify(*at)) {
  case CharClass::Letter:
    return lexWord();
  case CharClass::Digit:
    return lexNumber();
  case CharClass::Sign:
    return lexSign();
  case CharClass::Quote:
    return lexString();
  case CharClass::NonAscii: {
    const char *after = at;
    uint32_t c;
    if (decodeUtf8(after, end, c) && isIdentifierStart(c))
      return lexWord();
    return lexInvalid();
  }
  case CharClass::End:
  case CharClass::Other:
    return lexInvalid();
  }
}

void Lexer::validateUtf8() {
  // One report for each run of bytes that are not UTF-8; the tokens around
  // them are lexed as if nothing were wrong.
  const char *bad = findInvalidUtf8(start, end);
  while (bad != end) {
    const char *after = bad + 1;
    const char *next = findInvalidUtf8(after, end);
    while (next == after && next != end) {
      ++after;
      next = findInvalidUtf8(after, end);
    }
    report(DiagKind::InvalidUtf8, {offset(bad), offset(after)},
           {llvm::formatv("0x{0:X-2}", unsigned((unsigned char)*bad)).str()});
    bad = next;
  }
}

void Lexer::skipWordTail() {
  while (true) {
    CharClass c = classify(*at);
    if (c == CharClass::Letter || c == CharClass::Digit) {
      ++at;
      continue;
    }
    const char *after = at;
    uint32_t code;
    if (c != CharClass::NonAscii || !decodeUtf8(after, end, code) ||
        !isIdentifierContinue(code))
      return;
    at = after;
  }
}

/// Words of any length and alphabet.
void Lexer::lexWord() {
  const char *begin = at;
  skipWordTail();
  Symbol symbol = interner.intern({begin, size_t(at - begin)});
  emit(kindOfWord(symbol), begin, symbol.id);
}

/// Moves past digits of `base` and `_`; false if there is no digit. Digits
/// beyond a base below ten are taken too, and reported later.
bool Lexer::skipDigits(unsigned base) {
  bool any = false;
  for (;; ++at) {
    if (base == 16 ? llvm::isHexDigit(*at) : isDigit(*at))
      any = true;
    else if (*at != '_')
      return any;
  }
}

void Lexer::finishInteger(const char *begin, const char *digits,
                          unsigned base) {
  uint64_t value = 0;
  bool overflow = false;
  for (const char *digit = digits; digit != at; ++digit) {
    if (*digit == '_')
      continue;
    unsigned d = llvm::hexDigitValue(*digit);
    if (d >= base) {
      invalidNumber(
          begin, DiagKind::LiteralDigit, {offset(digit), offset(digit + 1)},
          {std::string(1, *digit), base == 2 ? "a binary" : "an octal"});
      return;
    }
    overflow |= __builtin_mul_overflow(value, uint64_t(base), &value);
    overflow |= __builtin_add_overflow(value, uint64_t(d), &value);
  }
  if (overflow) {
    invalidNumber(begin, DiagKind::IntegerTooLarge, rangeFrom(begin),
                  {std::string(begin, at)});
    return;
  }
  emit(TokenKind::Integer, begin, value);
}

void Lexer::lexNumber() {
  const char *begin = at;
  // After a `.` comes the place of a tuple's element: `t.0.1`.
  bool afterDot = out[-1].kind == TokenKind::Dot;
  unsigned base = 10;
  llvm::StringRef prefix;
  if (*at == '0' && !afterDot) {
    switch (at[1]) {
    case 'b':
      base = 2, prefix = "0b";
      break;
    case 'o':
      base = 8, prefix = "0o";
      break;
    case 'x':
      base = 16, prefix = "0x";
      break;
    }
    at += prefix.size();
  }
  const char *digits = at;
  bool hasDigits = skipDigits(base);
  bool isFloat = false;

  if (base == 10 && !afterDot) {
    if (*at == '.' && isDigit(at[1])) {
      isFloat = true;
      ++at;
      skipDigits(10);
    } else if (*at == '.' && at[1] != '.' &&
               classify(at[1]) != CharClass::Letter &&
               classify(at[1]) != CharClass::NonAscii) {
      ++at;
      invalidNumber(begin, DiagKind::FloatPoint, rangeFrom(begin))
          .help("write `" + std::string(begin, at) + "0`");
      return;
    }
    if (*at == 'e' || *at == 'E') {
      const char *exponent = at++;
      if (*at == '+' || *at == '-')
        ++at;
      if (isDigit(*at)) {
        isFloat = true;
        skipDigits(10);
      } else if (classify(*at) == CharClass::Letter) {
        at = exponent; // a suffix that begins with e
      } else {
        invalidNumber(begin, DiagKind::LiteralDigits,
                      {offset(exponent), offset(at)}, {"exponent"});
        return;
      }
    }
  }

  const char *suffix = at;
  skipWordTail();
  if (!hasDigits) {
    invalidNumber(begin, DiagKind::LiteralDigits, rangeFrom(begin),
                  {("`" + prefix + "`").str()});
    return;
  }
  if (at != suffix) {
    std::string text(suffix, at);
    Diagnostic &diag = invalidNumber(begin, DiagKind::LiteralSuffix,
                                     rangeFrom(suffix), {text});
    if (parseDType(text))
      diag.help("numbers take their dtype from where they are used; write `" +
                std::string(begin, suffix) + " as " + text + "` to choose one");
    return;
  }
  if (isFloat)
    emit(TokenKind::Float, begin);
  else
    finishInteger(begin, digits, base);
}

void Lexer::lexString() {
  const char *begin = at++;
  llvm::SmallString<64> value;
  bool valid = true;
  while (*at != '"') {
    if (*at == '\n' || *at == '\r' || at == end) {
      report(DiagKind::UnterminatedString, rangeFrom(begin));
      return emit(TokenKind::Invalid, begin);
    }
    if (*at == '\\')
      valid &= lexEscape(value);
    else
      value.push_back(*at++);
  }
  ++at;
  if (valid)
    emit(TokenKind::String, begin, interner.intern(value).id);
  else
    emit(TokenKind::Invalid, begin);
}

/// Reads an escape and appends the character it stands for. A wrong one is
/// reported, and false.
bool Lexer::lexEscape(llvm::SmallVectorImpl<char> &value) {
  const char *begin = at++;
  switch (*at) {
  case 'n':
    value.push_back('\n');
    break;
  case 'r':
    value.push_back('\r');
    break;
  case 't':
    value.push_back('\t');
    break;
  case '0':
    value.push_back('\0');
    break;
  case '\\':
  case '"':
    value.push_back(*at);
    break;
  case 'u': {
    ++at;
    uint32_t code = 0;
    const char *digits = at + 1;
    if (*at == '{') {
      for (++at; llvm::isHexDigit(*at); ++at)
        code = code > 0x10FFFF ? code : code * 16 + llvm::hexDigitValue(*at);
    }
    if (*at != '}' || at == digits) {
      report(DiagKind::InvalidEscape, rangeFrom(begin),
             {std::string(begin, at)})
          .help("write the code of a character as `\\u{3B1}`");
      return false;
    }
    ++at;
    char utf8[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
    char *out = utf8;
    if (!llvm::ConvertCodePointToUTF8(code, out)) {
      report(DiagKind::InvalidUnicodeEscape, rangeFrom(begin),
             {std::string(begin, at)});
      return false;
    }
    value.append(utf8, out);
    return true;
  }
  default: {
    // The line's end closes no escape; lexString reports it.
    if (at == end || *at == '\n' || *at == '\r')
      return false;
    uint32_t c;
    if (!decodeUtf8(at, end, c))
      ++at;
    report(DiagKind::InvalidEscape, rangeFrom(begin), {std::string(begin, at)})
        .help("the escapes are \\n \\r \\t \\\\ \\\" \\0 and \\u{...}");
    return false;
  }
  }
  ++at;
  return true;
}

void Lexer::skipBlockComment() {
  const char *begin = at;
  at += 2;
  for (unsigned depth = 1; depth != 0;) {
    if (at == end) {
      report(DiagKind::UnterminatedComment, {offset(begin), offset(begin + 2)})
          .help("block comments nest: each `/*` needs a `*/` of its own");
      return;
    }
    if (at[0] == '*' && at[1] == '/') {
      --depth;
      at += 2;
    } else if (at[0] == '/' && at[1] == '*') {
      ++depth;
      at += 2;
    } else {
      ++at;
    }
  }
}

void Lexer::lexSign() {
  const char *begin = at;
  auto one = [&](TokenKind kind) {
    at += 1;
    emit(kind, begin);
  };
  auto two = [&](TokenKind kind) {
    at += 2;
    emit(kind, begin);
  };
  char next = at[1];
  switch (*at) {
  case '.':
    if (next != '.')
      return one(TokenKind::Dot);
    if (at[2] != '.')
      return two(TokenKind::DotDot);
    at += 3;
    return emit(TokenKind::Ellipsis, begin);
  case '-':
    if (next == '>')
      return two(TokenKind::Arrow);
    break;
  case '/':
    if (next == '/') {
      const void *newline = std::memchr(at, '\n', size_t(end - at));
      at = newline ? static_cast<const char *>(newline) : end;
      return;
    }
    if (next == '*')
      return skipBlockComment();
    break;
  case '&':
    return next == '&' ? two(TokenKind::AndAnd) : lexInvalid();
  case '|':
    return next == '|' ? two(TokenKind::OrOr) : lexInvalid();
  }
  auto first = (unsigned char)*at;
  bool hasEqual = next == '=' && chars.withEqual[first] != TokenKind::EndOfFile;
  return hasEqual ? two(chars.withEqual[first]) : one(chars.alone[first]);
}

/// What messages call a character: itself where that can be seen.
static std::string describeCharacter(uint32_t c, llvm::StringRef text) {
  std::string code = llvm::formatv("U+{0:X-4}", c).str();
  if (c < 0x20 || c == 0x7F)
    return code;
  return c < 0x80 ? ("`" + text + "`").str()
                  : ("`" + text + "` (" + code + ")").str();
}

void Lexer::lexInvalid() {
  const char *begin = at;
  uint32_t c;
  if (!decodeUtf8(at, end, c)) {
    // validateUtf8 has reported these bytes.
    ++at;
    return emit(TokenKind::Invalid, begin);
  }
  llvm::StringRef character(begin, size_t(at - begin));
  Diagnostic &diag = report(DiagKind::InvalidCharacter, rangeFrom(begin),
                            {describeCharacter(c, character)});
  llvm::StringRef rest(at, size_t(end - at));
  switch (c) {
  case '&':
    diag.help("logical and is `&&`");
    break;
  case '|':
    diag.help("logical or is `||`");
    break;
  case '^':
    diag.help("powers are `pow(x, y)`, exclusive or is `xor(a, b)`");
    break;
  case '~':
    diag.help("the negation of a condition is `!`");
    break;
  case '#':
    diag.help("comments begin with `//`");
    break;
  case '\'':
    diag.help("strings stand between double quotes");
    // What would be a string elsewhere is one mistake,
    if (size_t quote = rest.find_first_of("'\n");
        quote != llvm::StringRef::npos && rest[quote] == '\'')
      at += quote + 1;
    break;
  }
  // and so is a run of the same character.
  while (llvm::StringRef(at, size_t(end - at)).starts_with(character))
    at += character.size();
  emit(TokenKind::Invalid, begin);
}

std::vector<Token> mind::lex(const SourceFile &file, Interner &interner,
                             DiagnosticEngine &diags) {
  Lexer lexer(file, interner, diags);
  std::vector<Token> tokens;
  std::array<Token, 256> part;
  part[0] = lexer.beforeFirst();
  Token *last;
  do {
    Token *behind = lexer.lex(part.data() + 1, part.data() + part.size());
    tokens.insert(tokens.end(), part.data() + 1, behind);
    last = behind - 1;
    part[0] = *last;
  } while (last->kind != TokenKind::EndOfFile);
  return tokens;
}
