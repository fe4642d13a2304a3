package dev.dlm.cpu.contraction;

/**
 * Where the elements of a batch of matrices lie, in elements from the first one: {@code (batch,
 * row, column)} is at {@code batch * batchStride + row * rowStride + column * columnStride}.
 *
 * @param batchStride from one matrix to the next; 0 when all of the batch share one
 * @param rowStride from one row to the next
 * @param columnStride from one column to the next
 */
public record MatrixLayout(long batchStride, long rowStride, long columnStride) {

  /** Dense matrices of {@code rows} × {@code columns}, row after row. */
  public static MatrixLayout rowMajor(int rows, int columns) {
    return new MatrixLayout((long) rows * columns, columns, 1);
  }

  /** Dense matrices of {@code rows} × {@code columns}, column after column. */
  public static MatrixLayout columnMajor(int rows, int columns) {
    return new MatrixLayout((long) rows * columns, 1, rows);
  }

  /** The same memory read with rows and columns exchanged. */
  public MatrixLayout transposed() {
    return new MatrixLayout(batchStride, columnStride, rowStride);
  }

  /** The same matrix for every member of the batch. */
  public MatrixLayout shared() {
    return new MatrixLayout(0, rowStride, columnStride);
  }
}
