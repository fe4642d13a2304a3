package dev.dlm.cli.io;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.tensor.Tensor;
import java.util.Arrays;

/** Tensors as PNG images, and PNG images as tensors. */
final class PngFormat {
  /** Pixels between the images of a grid. */
  private static final int GAP = 2;

  private PngFormat() {}

  /**
   * The images of a tensor: {@code [H, W]}, {@code [C, H, W]}, or several, {@code [N, H, W]} and
   * {@code [N, C, H, W]}, which are laid out in a grid, with C 1 for grey or 3 for red, green and
   * blue. Floats go from 0 to 1, or, where one is below zero, from −1 to 1, and are cut off beyond;
   * NaN is black. {@code u8} are samples as they are, and {@code bool} are black and white.
   *
   * @param origin names the file in messages
   * @throws GraphException with code {@code tensor-file} if the tensor has no such form
   */
  static byte[] format(String origin, Tensor tensor) {
    int rank = tensor.rank();
    boolean samples = tensor.dtype().isFloat();
    boolean known = samples || tensor.dtype() == DType.U8 || tensor.dtype() == DType.BOOL;
    boolean coloured = rank >= 3 && (tensor.size(rank - 3) == 1 || tensor.size(rank - 3) == 3);
    if (!known || rank < 2 || rank > 4 || (rank == 4 && !coloured) || tensor.count() == 0) {
      throw problem(
          origin,
          "%s is no image: images are [H, W], [C, H, W] or [N, C, H, W] with one or three"
                  .formatted(Tensor.describe(tensor.dtype(), tensor.sizes()))
              + " channels, of floats, u8 or bool");
    }
    int channels = coloured ? (int) tensor.size(rank - 3) : 1;
    int height = (int) tensor.size(rank - 2);
    int width = (int) tensor.size(rank - 1);
    return PngWriter.format(grid(tensor, channels, height, width));
  }

  private static Picture grid(Tensor tensor, int channels, int height, int width) {
    int count = (int) (tensor.count() / ((long) channels * height * width));
    int across = (int) Math.ceil(Math.sqrt(count));
    int down = (count + across - 1) / across;
    int totalWidth = across * (width + GAP) - GAP;
    int totalHeight = down * (height + GAP) - GAP;
    byte[] samples =
        new byte[Math.multiplyExact(Math.multiplyExact(totalWidth, totalHeight), channels)];
    Arrays.fill(samples, (byte) 255);
    Scale scale = Scale.of(tensor);
    long index = 0;
    for (int image = 0; image < count; image++) {
      int top = image / across * (height + GAP);
      int left = image % across * (width + GAP);
      for (int channel = 0; channel < channels; channel++) {
        for (int row = 0; row < height; row++) {
          for (int column = 0; column < width; column++) {
            int pixel = (top + row) * totalWidth + left + column;
            samples[pixel * channels + channel] = scale.sample(tensor.doubleAt(index++));
          }
        }
      }
    }
    return new Picture(totalWidth, totalHeight, channels, samples);
  }

  /** Which value is black, and how far up white is. */
  private record Scale(double black, double range) {
    static Scale of(Tensor tensor) {
      if (!tensor.dtype().isFloat()) {
        return new Scale(0, tensor.dtype() == DType.BOOL ? 1 : 255);
      }
      for (long i = 0; i < tensor.count(); i++) {
        if (tensor.doubleAt(i) < 0) {
          return new Scale(-1, 2);
        }
      }
      return new Scale(0, 1);
    }

    byte sample(double value) {
      double fraction = (value - black) / range;
      // A comparison with NaN is false.
      return (byte) (fraction > 0 ? Math.round(255 * Math.min(1, fraction)) : 0);
    }
  }

  /**
   * An image as what an input takes: an example of its own where the first dimension is free;
   * floats from 0 to 1, or {@code u8}; grey or coloured as the input has room for.
   *
   * @throws GraphException with code {@code tensor-file} if the content is no PNG image, or the
   *     input takes no image of this size
   */
  static Tensor parse(String origin, byte[] content, TensorType wanted) {
    Picture picture = PngReader.parse(origin, content);
    int first = wanted.rank() > 0 && !wanted.dim(0).isConstant() ? 1 : 0;
    int pixels = picture.width() * picture.height();
    boolean isSized = wanted.shape().dims().stream().skip(first).allMatch(Dim::isConstant);
    int channels = 0;
    long[] sizes = new long[wanted.rank()];
    Arrays.fill(sizes, 1);
    if (isSized) {
      long elements = 1;
      for (int axis = first; axis < sizes.length; axis++) {
        sizes[axis] = wanted.dim(axis).asLong();
        elements *= sizes[axis];
      }
      channels = elements == pixels ? 1 : elements == 3L * pixels ? 3 : 0;
    } else if (wanted.rank() - first == 3 || wanted.rank() - first == 2) {
      Dim planes = wanted.rank() - first == 3 ? wanted.dim(first) : Dim.of(1);
      channels = planes.isConstant() ? (int) planes.asLong() : picture.channels();
      sizes[sizes.length - 2] = picture.height();
      sizes[sizes.length - 1] = picture.width();
      if (wanted.rank() - first == 3) {
        sizes[first] = channels;
      }
    }
    boolean fits =
        (channels == 1 || channels == 3)
            && fits(picture, sizes, first)
            && (wanted.dtype().isFloat() || wanted.dtype() == DType.U8);
    if (!fits) {
      throw problem(
          origin,
          "the image of %d by %d pixels is nothing for an input %s"
              .formatted(picture.width(), picture.height(), wanted));
    }
    return tensor(picture, channels, sizes, wanted.dtype());
  }

  /** Whether the last two sizes are the image's, unless an example has a single axis. */
  private static boolean fits(Picture picture, long[] sizes, int first) {
    return sizes.length - first == 1
        || (sizes.length - first > 1
            && sizes[sizes.length - 2] == picture.height()
            && sizes[sizes.length - 1] == picture.width());
  }

  private static Tensor tensor(Picture picture, int channels, long[] sizes, DType dtype) {
    TensorType type = TensorType.of(dtype, sizes);
    int pixels = picture.width() * picture.height();
    double white = dtype == DType.U8 ? 1 : 255;
    double[] values = new double[channels * pixels];
    for (int i = 0; i < values.length; i++) {
      int row = i % pixels / picture.width();
      int column = i % picture.width();
      values[i] = picture.sampleOf(channels, row, column, i / pixels) / white;
    }
    return Tensor.from(
        dtype.isFloat()
            ? HostTensor.ofDoubles(type, i -> values[(int) i])
            : HostTensor.ofLongs(type, i -> (long) values[(int) i]));
  }

  private static GraphException problem(String origin, String what) {
    return new GraphException(
        Diagnostic.error("tensor-file", "'%s': %s".formatted(origin, what), Location.UNKNOWN));
  }
}
