package dev.dlm.cpu.contraction;

/**
 * The sizes of a two-dimensional convolution {@code y = conv(x, w)} with {@code x[batch,
 * inputChannels, inputHeight, inputWidth]}, {@code w[outputChannels, inputChannels / groups,
 * kernelHeight, kernelWidth]} and {@code y[batch, outputChannels, outputHeight, outputWidth]}, all
 * dense and row-major.
 *
 * <p>Element {@code (oy, ox)} of the output meets the input at {@code (oy * strideY + ky *
 * dilationY - padTop, ox * strideX + kx * dilationX - padLeft)}; elements outside of the input
 * count as zero. Padding below and to the right follows from the output's size; negative padding
 * cuts off.
 *
 * @throws IllegalArgumentException if a size is negative, a stride, dilation or number of groups is
 *     not positive, or channels are no multiples of the groups
 */
public record ConvolutionShape(
    int batch,
    int groups,
    int inputChannels,
    int inputHeight,
    int inputWidth,
    int outputChannels,
    int outputHeight,
    int outputWidth,
    int kernelHeight,
    int kernelWidth,
    int strideY,
    int strideX,
    int padTop,
    int padLeft,
    int dilationY,
    int dilationX) {

  public ConvolutionShape {
    if (Math.min(batch, Math.min(inputChannels, outputChannels)) < 0
        || Math.min(inputHeight, inputWidth) < 0
        || Math.min(outputHeight, outputWidth) < 0
        || Math.min(kernelHeight, kernelWidth) < 1) {
      throw new IllegalArgumentException("a size is negative or the kernel is empty");
    }
    if (Math.min(Math.min(strideY, strideX), Math.min(dilationY, dilationX)) < 1 || groups < 1) {
      throw new IllegalArgumentException("strides, dilations and groups must be at least 1");
    }
    if (inputChannels % groups != 0 || outputChannels % groups != 0) {
      throw new IllegalArgumentException(
          "%d and %d channels do not fall into %d groups"
              .formatted(inputChannels, outputChannels, groups));
    }
  }

  int groupInputs() {
    return inputChannels / groups;
  }

  int groupOutputs() {
    return outputChannels / groups;
  }

  int taps() {
    return kernelHeight * kernelWidth;
  }

  int inputPixels() {
    return inputHeight * inputWidth;
  }

  int outputPixels() {
    return outputHeight * outputWidth;
  }
}
