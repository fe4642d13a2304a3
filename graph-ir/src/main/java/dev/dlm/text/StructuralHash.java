package dev.dlm.text;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 digest of a graph's text without locations: equal for graphs that differ only in
 * where their nodes come from, the same in every JVM.
 */
public final class StructuralHash {
  private StructuralHash() {}

  /** The digest in lower-case hexadecimal, 64 characters. */
  public static String of(Graph graph) {
    return digest(GraphPrinter.print(graph, GraphPrinter.Options.WITHOUT_LOCATIONS));
  }

  /** The digest of a body in lower-case hexadecimal, 64 characters. */
  public static String of(Body body) {
    return digest(GraphPrinter.print(body, GraphPrinter.Options.WITHOUT_LOCATIONS));
  }

  private static String digest(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("this JVM has no SHA-256, which every JVM must have", e);
    }
  }
}
