package dev.dlm.runtime.checkpoint;

import dev.dlm.ir.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The decoded and checked header of a safetensors file.
 *
 * @param entries by name
 */
record CheckpointHeader(Map<String, String> metadata, SortedMap<String, Entry> entries) {

  /**
   * Where a tensor lies.
   *
   * @param begin first byte, counted from the start of the data
   * @param end the byte after the last
   */
  record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {}

  /** A header that does not say what it must; the message names the tensor, found and expected. */
  static final class HeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    HeaderException(String message) {
      super(message);
    }
  }

  private static final String DTYPES =
      Arrays.stream(DType.values()).map(DType::name).collect(Collectors.joining(" "));

  CheckpointHeader {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /**
   * Decodes the header and checks that its tensors tile the data without gaps and overlaps.
   *
   * @param dataBytes bytes in the file behind the header
   */
  static CheckpointHeader of(JsonValue json, long dataBytes) throws HeaderException {
    if (!(json instanceof JsonValue.JsonObject object)) {
      throw new HeaderException("the header is " + json.kind() + ", expected an object");
    }
    Map<String, String> metadata = new TreeMap<>();
    SortedMap<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      if (member.getKey().equals(CheckpointWriter.METADATA)) {
        metadata.putAll(metadata(member.getValue()));
      } else {
        entries.put(member.getKey(), entry(member.getKey(), member.getValue()));
      }
    }
    requireTiling(entries, dataBytes);
    return new CheckpointHeader(metadata, entries);
  }

  private static Map<String, String> metadata(JsonValue json) throws HeaderException {
    if (!(json instanceof JsonValue.JsonObject object)) {
      throw new HeaderException("__metadata__ is " + json.kind() + ", expected an object");
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      if (!(member.getValue() instanceof JsonValue.JsonString(String value))) {
        throw new HeaderException(
            "__metadata__ '%s' is %s, expected a string"
                .formatted(member.getKey(), member.getValue().kind()));
      }
      metadata.put(member.getKey(), value);
    }
    return metadata;
  }

  private static Entry entry(String name, JsonValue json) throws HeaderException {
    if (!(json instanceof JsonValue.JsonObject object)) {
      throw new HeaderException(
          "tensor '%s' is described by %s, expected an object".formatted(name, json.kind()));
    }
    for (String key : object.members().keySet()) {
      if (!List.of("dtype", "shape", "data_offsets").contains(key)) {
        throw new HeaderException(
            "tensor '%s' has the unknown property '%s', expected dtype, shape and data_offsets"
                .formatted(name, key));
      }
    }
    DType dtype = dtype(name, member(name, object, "dtype"));
    List<Long> shape = numbers(name, "shape", member(name, object, "shape"));
    List<Long> offsets = numbers(name, "data_offsets", member(name, object, "data_offsets"));
    if (offsets.size() != 2) {
      throw new HeaderException(
          "tensor '%s' has %d data_offsets, expected 2".formatted(name, offsets.size()));
    }
    Entry entry = new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    requireSize(entry);
    return entry;
  }

  private static JsonValue member(String name, JsonValue.JsonObject object, String key)
      throws HeaderException {
    JsonValue value = object.members().get(key);
    if (value == null) {
      throw new HeaderException("tensor '%s' has no %s".formatted(name, key));
    }
    return value;
  }

  private static DType dtype(String name, JsonValue json) throws HeaderException {
    if (!(json instanceof JsonValue.JsonString(String text))) {
      throw new HeaderException(
          "the dtype of tensor '%s' is %s, expected a string".formatted(name, json.kind()));
    }
    Optional<DType> dtype =
        Arrays.stream(DType.values()).filter(candidate -> candidate.name().equals(text)).findAny();
    return dtype.orElseThrow(() ->
        new HeaderException(
            "tensor '%s' has the unknown dtype '%s', expected one of %s"
                .formatted(name, text, DTYPES)));
  }

  private static List<Long> numbers(String name, String key, JsonValue json)
      throws HeaderException {
    if (!(json instanceof JsonValue.JsonArray(List<JsonValue> elements))) {
      throw new HeaderException(
          "the %s of tensor '%s' is %s, expected an array of numbers"
              .formatted(key, name, json.kind()));
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonValue element : elements) {
      // 18 digits always fit; whatever is longer is beyond any file.
      if (!(element instanceof JsonValue.JsonNumber(String text)) || !text.matches("\\d{1,18}")) {
        throw new HeaderException(
            "the %s of tensor '%s' holds %s, expected whole numbers from 0"
                .formatted(
                    key,
                    name,
                    element instanceof JsonValue.JsonNumber(String text) ? text : element.kind()));
      }
      numbers.add(Long.parseLong(text));
    }
    return numbers;
  }

  private static void requireSize(Entry entry) throws HeaderException {
    long expected;
    try {
      expected = CheckpointTensor.sizeBytesOf(entry.dtype(), entry.shape());
    } catch (IllegalArgumentException e) {
      HeaderException header =
          new HeaderException("tensor '%s': %s".formatted(entry.name(), e.getMessage()));
      header.initCause(e);
      throw header;
    }
    if (entry.end() - entry.begin() != expected) {
      throw new HeaderException(
          "tensor '%s' has data_offsets [%d,%d], %d bytes, but %s%s takes %d bytes"
              .formatted(
                  entry.name(),
                  entry.begin(),
                  entry.end(),
                  entry.end() - entry.begin(),
                  entry.dtype().text(),
                  entry.shape(),
                  expected));
    }
  }

  private static void requireTiling(SortedMap<String, Entry> entries, long dataBytes)
      throws HeaderException {
    List<Entry> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long covered = 0;
    for (Entry entry : byPlace) {
      if (entry.end() > dataBytes) {
        throw new HeaderException(
            "tensor '%s' ends at data byte %d, but the file holds %d bytes of data: it is truncated"
                .formatted(entry.name(), entry.end(), dataBytes));
      }
      if (entry.begin() != covered) {
        throw new HeaderException(
            "tensor '%s' begins at data byte %d, expected %d: %s"
                .formatted(
                    entry.name(),
                    entry.begin(),
                    covered,
                    entry.begin() < covered
                        ? "it overlaps the tensor before it"
                        : "the bytes between belong to no tensor"));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw new HeaderException(
          "the last tensor ends at data byte %d, but %d bytes of data follow the header"
              .formatted(covered, dataBytes));
    }
  }
}
