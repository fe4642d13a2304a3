package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.util.List;

/**
 * A set of examples with named columns, readable in any order.
 *
 * <p>Thread-safe: any number of threads may read at once.
 */
public interface DataSource {

  /** The columns, in the order in which a model file names them. */
  List<DataColumn> columns();

  /** The number of examples; every column has one value for each. */
  long countExamples();

  /**
   * Prepares reading a column as the type that an input wants. Integers become wider integers or
   * floats, floats become other floats; the elements of an example are taken in row-major order
   * whatever the shape, so that 28×28 may become 1×28×28 or 784. Bytes that form arrays, as pixels
   * do, become floats from 0 to 1 by division by 255; a byte that stands alone keeps its value.
   *
   * @param column index into {@link #columns()}
   * @param dtype the element type that is wanted
   * @param exampleShape the shape of one example that is wanted; empty for a scalar
   * @throws GraphException with code {@code data-mismatch} if the column cannot be read so
   */
  ColumnReader reader(int column, DType dtype, List<Long> exampleShape);

  /**
   * Checks that every element of an integer column is an index below a bound, as class numbers and
   * numbers of words are.
   *
   * @param bound elements must lie in {@code [0, bound)}
   * @throws GraphException with code {@code data-invalid} or {@code data-mismatch} if one does not,
   *     or if the column does not hold integers
   */
  void requireBelow(int column, long bound);
}
