package dev.dlm.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of JSON (RFC 8259): UTF-8 only, no comments, no trailing commas, no duplicate
 * member names, bounded nesting. Its length is bounded by that of the array that it is given.
 */
final class JsonReader {
  static final int MAX_DEPTH = 32;

  private static final int END = -1;

  private final byte[] text;
  private int position;

  private JsonReader(byte[] text) {
    this.text = text;
  }

  /**
   * Reads one document that fills the whole text, white space around it apart.
   *
   * @throws JsonSyntaxException if the text is anything else
   */
  static JsonValue read(byte[] text) throws JsonSyntaxException {
    JsonReader reader = new JsonReader(text);
    reader.skipSpace();
    JsonValue value = reader.value(0);
    reader.skipSpace();
    if (reader.peek() != END) {
      throw reader.unexpected("the end of the text");
    }
    return value;
  }

  private JsonValue value(int depth) throws JsonSyntaxException {
    if (depth > MAX_DEPTH) {
      throw new JsonSyntaxException(position, "nested deeper than " + MAX_DEPTH + " levels");
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new JsonValue.JsonString(string());
      case 't' -> word("true", new JsonValue.JsonBoolean(true));
      case 'f' -> word("false", new JsonValue.JsonBoolean(false));
      case 'n' -> word("null", new JsonValue.JsonNull());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("a value");
    };
  }

  private JsonValue object(int depth) throws JsonSyntaxException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    position++;
    skipSpace();
    if (peek() == '}') {
      position++;
      return new JsonValue.JsonObject(members);
    }
    while (true) {
      int start = position;
      if (peek() != '"') {
        throw unexpected("a member name in quotes");
      }
      String name = string();
      skipSpace();
      require(':');
      skipSpace();
      if (members.containsKey(name)) {
        throw new JsonSyntaxException(start, "the name '" + name + "' occurs twice");
      }
      members.put(name, value(depth + 1));
      skipSpace();
      if (peek() == '}') {
        position++;
        return new JsonValue.JsonObject(members);
      }
      if (peek() != ',') {
        throw unexpected("',' or '}'");
      }
      position++;
      skipSpace();
    }
  }

  private JsonValue array(int depth) throws JsonSyntaxException {
    List<JsonValue> elements = new ArrayList<>();
    position++;
    skipSpace();
    if (peek() == ']') {
      position++;
      return new JsonValue.JsonArray(elements);
    }
    while (true) {
      elements.add(value(depth + 1));
      skipSpace();
      if (peek() == ']') {
        position++;
        return new JsonValue.JsonArray(elements);
      }
      if (peek() != ',') {
        throw unexpected("',' or ']'");
      }
      position++;
      skipSpace();
    }
  }

  private JsonValue word(String word, JsonValue value) throws JsonSyntaxException {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw unexpected("'" + word + "'");
      }
      position++;
    }
    return value;
  }

  private JsonValue number() throws JsonSyntaxException {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    if (peek() == '0') {
      position++;
    } else {
      digits();
    }
    if (peek() == '.') {
      position++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      position++;
      if (peek() == '+' || peek() == '-') {
        position++;
      }
      digits();
    }
    return new JsonValue.JsonNumber(
        new String(text, start, position - start, StandardCharsets.US_ASCII));
  }

  private void digits() throws JsonSyntaxException {
    int start = position;
    while (peek() >= '0' && peek() <= '9') {
      position++;
    }
    if (position == start) {
      throw unexpected("a digit");
    }
  }

  private String string() throws JsonSyntaxException {
    StringBuilder builder = new StringBuilder();
    int start = position;
    position++;
    while (true) {
      int plain = position;
      while (peek() != '"' && peek() != '\\' && peek() >= 0x20) {
        position++;
      }
      builder.append(decode(plain, position));
      int next = peek();
      if (next == '"') {
        position++;
        requirePairedSurrogates(builder, start);
        return builder.toString();
      }
      if (next != '\\') {
        throw unexpected("the closing quote of a string");
      }
      position++;
      builder.append(escape());
    }
  }

  private String decode(int from, int to) throws JsonSyntaxException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      JsonSyntaxException syntax = new JsonSyntaxException(from, "a string is not valid UTF-8");
      syntax.initCause(e);
      throw syntax;
    }
  }

  private char escape() throws JsonSyntaxException {
    int kind = peek();
    position++;
    return switch (kind) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> {
        position--;
        throw unexpected("one of \" \\ / b f n r t u after a backslash");
      }
    };
  }

  private char hexadecimal() throws JsonSyntaxException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int next = peek();
      int digit = next < 0x80 ? Character.digit(next, 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      position++;
    }
    return (char) unit;
  }

  private static void requirePairedSurrogates(CharSequence value, int start)
      throws JsonSyntaxException {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isHighSurrogate(value.charAt(i))
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(value.charAt(i))) {
        throw new JsonSyntaxException(start, "a string holds half of a surrogate pair");
      }
    }
  }

  private void require(char expected) throws JsonSyntaxException {
    if (peek() != expected) {
      throw unexpected("'" + expected + "'");
    }
    position++;
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      position++;
    }
  }

  private int peek() {
    return position < text.length ? text[position] & 0xff : END;
  }

  private JsonSyntaxException unexpected(String expected) {
    int next = peek();
    String found;
    if (next == END) {
      found = "the text ends";
    } else if (next > 0x20 && next < 0x7f) {
      found = "'" + (char) next + "' stands";
    } else {
      found = "byte 0x%02x stands".formatted(next);
    }
    return new JsonSyntaxException(position, found + " where " + expected + " was expected");
  }
}
