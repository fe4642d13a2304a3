package dev.dlm.training.reader;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataBytes;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.DecodedDataSource;
import dev.dlm.training.data.DecodedDataSource.DecodedColumn;
import dev.dlm.training.data.DecodedDataSource.Elements;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.data.SplitMix64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Images in the binary form of CIFAR-10: column {@code u8[3, 32, 32]}, red, green and blue, and
 * column {@code u8[]}, the class, 0 to 9.
 *
 * <p>Source of the form: A. Krizhevsky, "The CIFAR-10 dataset": records of 3073 bytes, the class
 * and then the pixels, channel by channel and row by row.
 *
 * <p>Images for training may be mirrored and moved ({@link Variation}); which ones and how follows
 * from the seed, the epoch and the image alone. Images for validation never are.
 */
public final class CifarData implements ExampleReader {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int PLANE = SIDE * SIDE;
  private static final int PIXELS = CHANNELS * PLANE;
  private static final int RECORD = 1 + PIXELS;
  private static final int CLASSES = 10;

  /**
   * How images for training are varied.
   *
   * @param mirror whether every other image, by chance, is mirrored left to right
   * @param crop how many pixels at most an image is moved, up or down, left or right; black moves
   *     in
   */
  public record Variation(boolean mirror, int crop, long seed) {
    /** Images as they are. */
    public static final Variation NONE = new Variation(false, 0, 0);

    private boolean isNone() {
      return !mirror && crop == 0;
    }
  }

  private final List<String> names;
  private final String origin;
  private final List<byte[]> files;
  private final HeldBack held;
  private final Variation variation;

  private CifarData(
      List<String> names, String origin, List<byte[]> files, HeldBack held, Variation variation) {
    this.names = List.copyOf(names);
    this.origin = origin;
    this.files = List.copyOf(files);
    this.held = held;
    this.variation = variation;
  }

  /**
   * Reads files, plain or behind gzip, one after the other.
   *
   * @param names of the two columns
   * @throws GraphException with code {@code file-read}, or {@code data-invalid} at the byte that is
   *     at fault
   */
  public static CifarData read(
      List<String> names, List<Path> paths, HeldBack held, Variation variation) {
    List<byte[]> files = new ArrayList<>();
    for (Path path : paths) {
      byte[] bytes = DataBytes.read(path);
      check(path.toString(), bytes);
      files.add(bytes);
    }
    return new CifarData(names, paths.getFirst().toString(), files, held, variation);
  }

  private static void check(String origin, byte[] bytes) {
    if (bytes.length == 0 || bytes.length % RECORD != 0) {
      throw DataDiagnostics.invalidAt(
          origin,
          bytes.length,
          "the file ends, expected whole records of %d bytes".formatted(RECORD));
    }
    for (int at = 0; at < bytes.length; at += RECORD) {
      int label = bytes[at] & 0xff;
      if (label >= CLASSES) {
        throw DataDiagnostics.invalidAt(
            origin,
            at,
            "the class of image %d is %d, expected 0 to %d"
                .formatted(at / RECORD, label, CLASSES - 1));
      }
    }
  }

  /** Nothing: pixels mean what they mean. */
  @Override
  public Fitted fit() {
    return Fitted.NOTHING;
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    int count = files.stream().mapToInt(file -> file.length / RECORD).sum();
    int[] images = held.examples(part, count, origin);
    boolean varied = part == Part.TRAINING && !variation.isNone();
    DataColumn image =
        new DataColumn(names.get(0), DType.U8, List.of((long) CHANNELS, (long) SIDE, (long) SIDE));
    DataColumn label = new DataColumn(names.get(1), DType.U8, List.of());
    return DecodedDataSource.of(
        images.length,
        List.of(
            DecodedColumn.of(
                image,
                (epoch, example, elements) -> {
                  if (varied) {
                    putVaried(epoch, images[example], elements);
                  } else {
                    put(images[example], elements);
                  }
                },
                origin),
            new DecodedColumn(
                label,
                (_, example, elements) -> {
                  Place place = place(images[example]);
                  elements.put(0, place.bytes[place.offset] & 0xff);
                },
                0,
                CLASSES - 1L,
                origin)));
  }

  /** The bytes that hold an image, and where it begins there. */
  private record Place(byte[] bytes, int offset) {}

  private Place place(int image) {
    int index = image;
    for (byte[] file : files) {
      int count = file.length / RECORD;
      if (index < count) {
        return new Place(file, index * RECORD);
      }
      index -= count;
    }
    throw new IndexOutOfBoundsException(image);
  }

  private void put(int image, Elements elements) {
    Place place = place(image);
    for (int i = 0; i < PIXELS; i++) {
      elements.put(i, place.bytes[place.offset + 1 + i] & 0xff);
    }
  }

  private void putVaried(long epoch, int image, Elements elements) {
    Place place = place(image);
    SplitMix64 random =
        new SplitMix64(SplitMix64.combine(SplitMix64.combine(variation.seed(), epoch), image));
    boolean mirrored = variation.mirror() && random.nextInt(2) == 1;
    int down = random.nextInt(2 * variation.crop() + 1) - variation.crop();
    int right = random.nextInt(2 * variation.crop() + 1) - variation.crop();
    for (int channel = 0; channel < CHANNELS; channel++) {
      int plane = place.offset + 1 + channel * PLANE;
      for (int y = 0; y < SIDE; y++) {
        int fromY = y - down;
        for (int x = 0; x < SIDE; x++) {
          int fromX = (mirrored ? SIDE - 1 - x : x) - right;
          boolean inside = fromY >= 0 && fromY < SIDE && fromX >= 0 && fromX < SIDE;
          elements.put(
              channel * PLANE + y * SIDE + x,
              inside ? place.bytes[plane + fromY * SIDE + fromX] & 0xff : 0);
        }
      }
    }
  }
}
