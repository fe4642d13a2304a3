package dev.dlm.cli.io;

/**
 * An image of bytes, row by row from the top, the channels of a pixel side by side.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param samples {@code height * width * channels} of them; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Picture(int width, int height, int channels, byte[] samples) {
  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  Picture {
    if (samples.length != width * height * channels) {
      throw new IllegalArgumentException(
          "%d samples for %d×%d×%d".formatted(samples.length, width, height, channels));
    }
  }

  /** A sample, 0 to 255. */
  int sample(int row, int column, int channel) {
    return samples[(row * width + column) * channels + channel] & 0xff;
  }

  /**
   * A sample of this image as it were with another number of channels: grey stands for all three
   * colours, and three colours become grey by the weights of ITU-R BT.601.
   */
  double sampleOf(int wantedChannels, int row, int column, int channel) {
    if (channels == wantedChannels) {
      return sample(row, column, channel);
    }
    return channels == 1
        ? sample(row, column, 0)
        : Math.rint(
            RED * sample(row, column, 0)
                + GREEN * sample(row, column, 1)
                + BLUE * sample(row, column, 2));
  }
}
