package dev.dlm.opencl;

import static org.jocl.CL.CL_DEVICE_DOUBLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_WORK_GROUP_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_SINGLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;
import static org.jocl.CL.CL_PLATFORM_NAME;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * An OpenCL device of this machine and what is known of it.
 *
 * @param sizeBytes the global memory
 */
record FoundDevice(
    cl_platform_id platform,
    cl_device_id id,
    String platformName,
    String name,
    String driver,
    long type,
    long sizeBytes,
    long computeUnits,
    long largestGroup,
    boolean hasDouble,
    boolean roundsDivision) {

  /**
   * All devices in the order in which the platforms give them.
   *
   * @throws CLException if the loader or a platform fails
   * @throws LinkageError if there is no loader
   */
  static List<FoundDevice> findAll() {
    CL.setExceptionsEnabled(true);
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    if (count[0] > 0) {
      CL.clGetPlatformIDs(count[0], platforms, null);
    }
    List<FoundDevice> found = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      for (cl_device_id device : devices(platform)) {
        found.add(describe(platform, device));
      }
    }
    return found;
  }

  private static cl_device_id[] devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
        return new cl_device_id[0];
      }
      throw e;
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    if (count[0] > 0) {
      CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, count[0], devices, null);
    }
    return devices;
  }

  private static FoundDevice describe(cl_platform_id platform, cl_device_id device) {
    long[] size = new long[1];
    CL.clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size);
    byte[] name = new byte[(int) size[0]];
    CL.clGetPlatformInfo(platform, CL_PLATFORM_NAME, name.length, Pointer.to(name), null);
    return new FoundDevice(
        platform,
        device,
        text(name),
        string(device, CL_DEVICE_NAME),
        string(device, CL_DRIVER_VERSION),
        number(device, CL_DEVICE_TYPE, Sizeof.cl_long),
        number(device, CL_DEVICE_GLOBAL_MEM_SIZE, Sizeof.cl_long),
        number(device, CL_DEVICE_MAX_COMPUTE_UNITS, Sizeof.cl_uint),
        number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE, Sizeof.size_t),
        number(device, CL_DEVICE_DOUBLE_FP_CONFIG, Sizeof.cl_long) != 0,
        (number(device, CL_DEVICE_SINGLE_FP_CONFIG, Sizeof.cl_long)
                & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT)
            != 0);
  }

  private static String string(cl_device_id device, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(device, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    CL.clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
    return text(bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).strip();
  }

  private static long number(cl_device_id device, int what, int sizeBytes) {
    long[] value = new long[1];
    CL.clGetDeviceInfo(device, what, sizeBytes, Pointer.to(value), null);
    return value[0];
  }

  boolean isGpu() {
    return (type & CL_DEVICE_TYPE_GPU) != 0;
  }

  boolean isProcessor() {
    return (type & CL_DEVICE_TYPE_CPU) != 0;
  }

  /** One line for people. */
  String description() {
    String kind = isGpu() ? "GPU" : isProcessor() ? "processor" : "accelerator";
    return "%s (%s, %s, driver %s), %d compute units, %.1f GiB"
        .formatted(name, kind, platformName, driver, computeUnits, sizeBytes / 0x1p30);
  }
}
