package dev.dlm.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @Test
  void read_givesEveryKindOfValue() throws JsonSyntaxException {
    JsonValue value =
        read(" {\"a\": [1, -2.5e+3, true, false, null, \"x\"], \"b\": {}, \"c\" : [ ] }\n\t");
    assertThat(value)
        .isEqualTo(
            new JsonValue.JsonObject(
                Map.of(
                    "a",
                    new JsonValue.JsonArray(
                        List.of(
                            new JsonValue.JsonNumber("1"),
                            new JsonValue.JsonNumber("-2.5e+3"),
                            new JsonValue.JsonBoolean(true),
                            new JsonValue.JsonBoolean(false),
                            new JsonValue.JsonNull(),
                            new JsonValue.JsonString("x"))),
                    "b",
                    new JsonValue.JsonObject(Map.of()),
                    "c",
                    new JsonValue.JsonArray(List.of()))));
  }

  @Test
  void read_undoesEscapes() throws JsonSyntaxException {
    assertThat(read("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\uD83D\\uDE00 é\""))
        .isEqualTo(new JsonValue.JsonString("\" \\ / \b \f \n \r \t é 😀 é"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                  | 0 | the text ends where a value was expected",
        "{                   | 1 | the text ends where a member name in quotes was expected",
        "{a:1}               | 1 | 'a' stands where a member name in quotes was expected",
        "{\"a\" 1}           | 5 | '1' stands where ':' was expected",
        "{\"a\":1 \"b\":2}   | 7 | '\"' stands where ',' or '}' was expected",
        "{\"a\":1,}          | 7 | '}' stands where a member name in quotes was expected",
        "{\"a\":1,\"a\":2}   | 7 | the name 'a' occurs twice",
        "[1,]                | 3 | ']' stands where a value was expected",
        "[1 2]               | 3 | '2' stands where ',' or ']' was expected",
        "1 2                 | 2 | '2' stands where the end of the text was expected",
        "01                  | 1 | '1' stands where the end of the text was expected",
        "-                   | 1 | the text ends where a digit was expected",
        "1.                  | 2 | the text ends where a digit was expected",
        "1e+                 | 3 | the text ends where a digit was expected",
        "+1                  | 0 | '+' stands where a value was expected",
        "truth               | 3 | 't' stands where 'true' was expected",
        "NaN                 | 0 | 'N' stands where a value was expected",
        "\"abc               | 4 | the text ends where the closing quote of a string was expected",
        "\"\\x\"             | 2 | 'x' stands where one of \" \\ / b f n r t u after a backslash was expected",
        "\"\\u12g4\"         | 5 | 'g' stands where four hexadecimal digits was expected",
        "\"\\ud800\"         | 0 | a string holds half of a surrogate pair",
        "\"\\ude00\\ud83d\"  | 0 | a string holds half of a surrogate pair",
      })
  void read_refusesMalformedTextAndNamesThePlace(String text, int offset, String message) {
    JsonSyntaxException e = catchThrowableOfType(JsonSyntaxException.class, () -> read(text));
    assertThat(e).hasMessage(message);
    assertThat(e.offsetBytes()).isEqualTo(offset);
  }

  @Test
  void read_refusesControlCharactersInStrings() {
    JsonSyntaxException e = catchThrowableOfType(JsonSyntaxException.class, () -> read("\"a\nb\""));
    assertThat(e).hasMessageContaining("byte 0x0a stands where the closing quote");
    assertThat(e.offsetBytes()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc3, 0xff})
  void read_refusesInvalidUtf8(int wrong) {
    byte[] text = {'"', (byte) wrong, '"'};
    JsonSyntaxException e =
        catchThrowableOfType(JsonSyntaxException.class, () -> JsonReader.read(text));
    assertThat(e).hasMessage("a string is not valid UTF-8");
  }

  @Test
  void read_limitsNesting() throws JsonSyntaxException {
    assertThat(read(nested(JsonReader.MAX_DEPTH))).isInstanceOf(JsonValue.JsonArray.class);
    JsonSyntaxException e =
        catchThrowableOfType(
            JsonSyntaxException.class, () -> read(nested(JsonReader.MAX_DEPTH + 2)));
    assertThat(e).hasMessage("nested deeper than 32 levels");
  }

  @Property(tries = 500)
  void writtenStrings_readBack(@ForAll String value) throws JsonSyntaxException {
    // Text with unpaired surrogates has no UTF-8 form: compare what has one.
    String encodable = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    StringBuilder builder = new StringBuilder();
    JsonWriter.appendString(builder, encodable);
    assertThat(read(builder.toString())).isEqualTo(new JsonValue.JsonString(encodable));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static JsonValue read(String text) throws JsonSyntaxException {
    return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
