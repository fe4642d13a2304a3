package dev.dlm.samples.stories;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pieces of text that a model's tokens stand for, in the format of llama2.c: the length of the
 * longest piece, then for each token a score ({@code f32}), a length and the bytes of its piece.
 * Token 1 begins a text; pieces such as {@code <0x0A>} stand for one byte.
 */
public final class Vocabulary {
  /** The token that begins every text. */
  public static final int BEGIN = 1;

  private static final int FIRST_BYTE = 3;
  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

  private final List<String> pieces;
  private final List<Float> scores;
  private final Map<String, Integer> tokens = new HashMap<>();

  private Vocabulary(List<String> pieces, List<Float> scores) {
    this.pieces = List.copyOf(pieces);
    this.scores = List.copyOf(scores);
    for (int token = 0; token < pieces.size(); token++) {
      tokens.putIfAbsent(pieces.get(token), token);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or holds fewer tokens
   */
  public static Vocabulary read(Path file, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<String> pieces = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    try {
      bytes.getInt();
      for (int token = 0; token < size; token++) {
        scores.add(bytes.getFloat());
        byte[] piece = new byte[bytes.getInt()];
        bytes.get(piece);
        pieces.add(new String(piece, StandardCharsets.UTF_8));
      }
    } catch (BufferUnderflowException e) {
      throw new IOException(file + " ends after " + pieces.size() + " of " + size + " tokens", e);
    }
    return new Vocabulary(pieces, scores);
  }

  /**
   * The tokens of a text, {@link #BEGIN} first: one for each character, of which the neighbours
   * whose joint piece has the highest score are joined until none is left.
   */
  public List<Integer> encode(String text) {
    List<Integer> encoded = new ArrayList<>();
    if (!text.isEmpty()) {
      (" " + text).codePoints().forEach(point -> addCharacter(Character.toString(point), encoded));
    }
    while (joinBest(encoded)) {}
    encoded.addFirst(BEGIN);
    return encoded;
  }

  private void addCharacter(String character, List<Integer> encoded) {
    Integer token = tokens.get(character);
    if (token != null) {
      encoded.add(token);
      return;
    }
    for (byte unit : character.getBytes(StandardCharsets.UTF_8)) {
      encoded.add(FIRST_BYTE + Byte.toUnsignedInt(unit));
    }
  }

  private boolean joinBest(List<Integer> encoded) {
    int best = -1;
    int joined = -1;
    for (int i = 0; i + 1 < encoded.size(); i++) {
      Integer token = tokens.get(pieces.get(encoded.get(i)) + pieces.get(encoded.get(i + 1)));
      if (token != null && (best < 0 || scores.get(token) > scores.get(joined))) {
        best = i;
        joined = token;
      }
    }
    if (best < 0) {
      return false;
    }
    encoded.set(best, joined);
    encoded.remove(best + 1);
    return true;
  }

  /** The text of tokens; the blank with which a text begins is left out. */
  public String decode(List<Integer> encoded) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int before = -1;
    for (int token : encoded) {
      if (token != BEGIN) {
        text.writeBytes(bytes(token, before == BEGIN));
      }
      before = token;
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private byte[] bytes(int token, boolean first) {
    String piece = pieces.get(token);
    Matcher single = BYTE.matcher(piece);
    if (single.matches()) {
      return new byte[] {(byte) Integer.parseInt(single.group(1), 16)};
    }
    String shown = first && piece.startsWith(" ") ? piece.substring(1) : piece;
    return shown.getBytes(StandardCharsets.UTF_8);
  }
}
