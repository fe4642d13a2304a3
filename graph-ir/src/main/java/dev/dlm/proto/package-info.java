/**
 * The binary form of graphs and plans, {@code dlm.v1}: {@link dev.dlm.proto.GraphCodec} and {@link
 * dev.dlm.proto.PlanCodec} turn records into bytes and back. The generated message classes are used
 * in this package alone, and only to encode: decoding goes by {@code WireMessage}.
 */
@NullMarked
package dev.dlm.proto;

import org.jspecify.annotations.NullMarked;
