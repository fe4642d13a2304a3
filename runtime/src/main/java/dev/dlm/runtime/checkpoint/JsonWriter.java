package dev.dlm.runtime.checkpoint;

/** Writes pieces of JSON in one canonical form. */
public final class JsonWriter {
  private JsonWriter() {}

  /** Appends a string in quotes; only what JSON demands is escaped. */
  public static void appendString(StringBuilder builder, String value) {
    builder.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> builder.append("\\\"");
        case '\\' -> builder.append("\\\\");
        case '\n' -> builder.append("\\n");
        case '\r' -> builder.append("\\r");
        case '\t' -> builder.append("\\t");
        default -> {
          if (c < 0x20) {
            builder.append("\\u%04x".formatted((int) c));
          } else {
            builder.append(c);
          }
        }
      }
    }
    builder.append('"');
  }
}
