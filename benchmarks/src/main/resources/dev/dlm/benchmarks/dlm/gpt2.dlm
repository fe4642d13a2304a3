import nn

function gelu_tanh(x: tensor) = gelu(x, approximate = true)

/// GPT-2 small: Radford et al., 2019. Its last product shares the table of the first.
model Gpt2(
  vocabulary: int = 50257,
  width: int = 768,
  heads: int = 12,
  depth: int = 12,
  context: int = 1024
) {
  input tokens: i32[B, T]
  where T <= context

  embed = nn.Embedding(vocabulary, width)
  x = embed(tokens) + nn.Positions(context, width)(tokens)
  repeat l in 0..depth {
    x = x |> nn.TransformerBlock(heads, causal = true, activation = gelu_tanh) named layer[l]
  }
  output logits = (x[:, -1] |> nn.LayerNorm() named norm) @ transpose(embed.table)
}
