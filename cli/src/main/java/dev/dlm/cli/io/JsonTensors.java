package dev.dlm.cli.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tensors as JSON: nested arrays of numbers, or of booleans; a scalar stands by itself. The shape
 * is that of the nesting. The strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}
 * stand for the numbers that JSON cannot express.
 */
public final class JsonTensors {
  private static final int MAX_RANK = 32;
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonTensors() {}

  /**
   * The tensor in a text.
   *
   * @param file what the text is called in messages
   * @throws GraphException with code {@code tensor-file} and the place of what is wrong
   */
  static Tensor parse(String file, byte[] content, DType dtype) {
    try (JsonParser parser = FACTORY.createParser(content)) {
      Reading reading = new Reading(file, parser, dtype);
      parser.nextToken();
      Tensor tensor = reading.tensor();
      if (parser.nextToken() != null) {
        throw reading.fault("expected the end of the file after the tensor");
      }
      return tensor;
    } catch (JsonProcessingException e) {
      throw new GraphException(
          fault(file, e.getLocation(), "it is not valid JSON: " + e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tensor as JSON text with a line end. */
  static byte[] format(Tensor tensor) {
    StringBuilder text = new StringBuilder();
    append(text, tensor, 0, new long[] {0});
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The elements nested in lists, as an event holds them.
   *
   * @return a number or boolean for a scalar, otherwise a list
   */
  public static Object nested(Tensor tensor) {
    return nested(tensor, 0, new long[] {0});
  }

  private static Object nested(Tensor tensor, int axis, long[] position) {
    if (axis == tensor.rank()) {
      return element(tensor, position[0]++);
    }
    List<Object> elements = new ArrayList<>();
    for (long i = 0; i < tensor.size(axis); i++) {
      elements.add(nested(tensor, axis + 1, position));
    }
    return elements;
  }

  private static Object element(Tensor tensor, long index) {
    return switch (tensor.dtype()) {
      case F64 -> tensor.doubleAt(index);
      case F32, F16, BF16 -> (float) tensor.doubleAt(index);
      case I64, I32, I8, U8 -> tensor.longAt(index);
      case BOOL -> tensor.longAt(index) != 0;
    };
  }

  private static void append(StringBuilder text, Tensor tensor, int axis, long[] position) {
    if (axis == tensor.rank()) {
      Object element = element(tensor, position[0]++);
      boolean quoted = element instanceof Number number && !Double.isFinite(number.doubleValue());
      text.append(quoted ? "\"" + element + "\"" : element);
      return;
    }
    text.append('[');
    for (long i = 0; i < tensor.size(axis); i++) {
      text.append(i == 0 ? "" : ",");
      append(text, tensor, axis + 1, position);
    }
    text.append(']');
  }

  private static Diagnostic fault(String file, JsonLocation place, String problem) {
    return Diagnostic.error(
        "tensor-file",
        problem,
        Location.Source.at(file, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr())));
  }

  /** One run over a text: elements in order, and the shape as it shows. */
  private static final class Reading {
    private final String file;
    private final JsonParser parser;
    private final DType dtype;
    private double[] floats = new double[16];
    private long[] integers = new long[16];
    private int count;

    Reading(String file, JsonParser parser, DType dtype) {
      this.file = file;
      this.parser = parser;
      this.dtype = dtype;
    }

    /** Reads from the current token to the end of its value. */
    Tensor tensor() throws IOException {
      long[] sizes = new long[MAX_RANK];
      Arrays.fill(sizes, -1);
      long[] filled = new long[MAX_RANK];
      int depth = 0;
      int rank = -1;
      do {
        JsonToken token = parser.currentToken();
        if (token == null) {
          throw fault("expected a number or an array");
        }
        switch (token) {
          case START_ARRAY -> {
            if (depth == rank) {
              throw fault("this array is nested deeper than those before");
            }
            if (depth == MAX_RANK) {
              throw fault("arrays are nested deeper than " + MAX_RANK);
            }
            filled[depth++] = 0;
          }
          case END_ARRAY -> {
            depth--;
            if (rank < 0) {
              rank = depth + 1;
            }
            if (sizes[depth] < 0) {
              sizes[depth] = filled[depth];
            } else if (sizes[depth] != filled[depth]) {
              throw fault(
                  "this array has %d elements, those before have %d"
                      .formatted(filled[depth], sizes[depth]));
            }
            if (depth > 0) {
              filled[depth - 1]++;
            }
          }
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_STRING -> {
            if (rank < 0) {
              rank = depth;
            }
            if (depth != rank) {
              throw fault("found an element, expected an array as in the same place before");
            }
            add(token);
            if (depth > 0) {
              filled[depth - 1]++;
            }
          }
          default -> throw fault("found '" + parser.getText() + "', expected " + wanted());
        }
        if (depth > 0) {
          parser.nextToken();
        }
      } while (depth > 0);
      return of(Arrays.copyOf(sizes, rank));
    }

    private Tensor of(long[] sizes) {
      TensorType type = TensorType.of(dtype, sizes);
      return Tensor.from(
          dtype.isFloat()
              ? HostTensor.ofDoubles(type, i -> floats[i])
              : HostTensor.ofLongs(type, i -> integers[i]));
    }

    private void add(JsonToken token) throws IOException {
      if (dtype.isFloat()) {
        if (count == floats.length) {
          floats = Arrays.copyOf(floats, 2 * count);
        }
        floats[count++] = decimal(token);
      } else {
        if (count == integers.length) {
          integers = Arrays.copyOf(integers, 2 * count);
        }
        integers[count++] = dtype == DType.BOOL ? truth(token) : integer(token);
      }
    }

    private double decimal(JsonToken token) throws IOException {
      if (token == JsonToken.VALUE_STRING) {
        return switch (parser.getText()) {
          case "NaN" -> Double.NaN;
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> throw fault("found a string, expected " + wanted());
        };
      }
      if (!token.isNumeric()) {
        throw fault("found '" + parser.getText() + "', expected " + wanted());
      }
      return parser.getDoubleValue();
    }

    private long integer(JsonToken token) throws IOException {
      if (token != JsonToken.VALUE_NUMBER_INT) {
        throw fault("found '" + parser.getText() + "', expected " + wanted());
      }
      BigInteger value = parser.getBigIntegerValue();
      if (value.bitLength() > 63 || dtype.wrap(value.longValue()) != value.longValue()) {
        throw fault("%s is no %s".formatted(parser.getText(), dtype.text()));
      }
      return value.longValue();
    }

    private long truth(JsonToken token) throws IOException {
      if (!token.isBoolean()) {
        throw fault("found '" + parser.getText() + "', expected " + wanted());
      }
      return token == JsonToken.VALUE_TRUE ? 1 : 0;
    }

    private String wanted() {
      if (dtype == DType.BOOL) {
        return "true, false or an array";
      }
      return (dtype.isFloat() ? "a number" : "an integer") + " or an array";
    }

    GraphException fault(String problem) {
      return new GraphException(JsonTensors.fault(file, parser.currentTokenLocation(), problem));
    }
  }
}
