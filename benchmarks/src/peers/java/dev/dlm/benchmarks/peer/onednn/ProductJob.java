package dev.dlm.benchmarks.peer.onednn;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Product;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;

/** A product whose constant operand was brought into the layout that oneDNN prefers. */
final class ProductJob implements Job {
  private final stream queue;
  private final matmul product;
  private final FloatPointer a;
  private final FloatPointer c;
  private final IntMemoryMap arguments;

  ProductJob(Product work) {
    a = new FloatPointer(Values.input("a", work.rows() * work.depth()));
    c = new FloatPointer((long) work.rows() * work.columns());
    arguments = new IntMemoryMap();
    try (PointerScope _ = new PointerScope()) {
      engine cpu = new engine(engine.kind.cpu, 0);
      queue = new stream(cpu).retainReference();
      memory.desc right = description(work.depth(), work.columns(), memory.format_tag.ab);
      matmul.primitive_desc description =
          new matmul.primitive_desc(
              cpu,
              description(work.rows(), work.depth(), memory.format_tag.ab),
              description(work.depth(), work.columns(), memory.format_tag.any),
              description(work.rows(), work.columns(), memory.format_tag.ab));
      product = new matmul(description).retainReference();
      memory plain = new memory(right, cpu, new FloatPointer(b(work)));
      memory preferred = new memory(description.weights_desc(), cpu);
      new reorder(plain, preferred).execute(queue, plain, preferred);
      queue._wait();
      arguments.put(dnnl.DNNL_ARG_SRC, new memory(description.src_desc(), cpu, a));
      arguments.put(dnnl.DNNL_ARG_WEIGHTS, preferred);
      arguments.put(dnnl.DNNL_ARG_DST, new memory(description.dst_desc(), cpu, c));
    }
  }

  private static float[] b(Product work) {
    return Values.weight("b", work.depth() * work.columns(), work.depth());
  }

  private static memory.desc description(int rows, int columns, memory.format_tag layout) {
    return new memory.desc(new long[] {rows, columns}, memory.data_type.f32, layout);
  }

  @Override
  public void run() {
    product.execute(queue, arguments);
    queue._wait();
  }

  @Override
  public float[] result() {
    float[] result = new float[(int) c.limit()];
    c.get(result);
    return result;
  }

  @Override
  public void close() {
    arguments.close();
    product.close();
    queue.close();
    c.close();
    a.close();
  }
}
