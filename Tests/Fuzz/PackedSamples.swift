// SPDX-License-Identifier: Apache-2.0

/// Files that zlib compressed.
enum PackedSamples {
  static let dynamic = bytes(
    """
    1f8b080000000000020395965b4ac4401045ff5d45831be87af5c365b883c10938200e64826e5f91bafd9bebffbda4734e75\
    25c7f7b61da5be94fd7eb9965a3eb7cb5e8ef7adecb7af6d2fb74779fbb83fb66b797efd0dd4a7e32f2f999793bc645e33ef\
    2779cdbc657e9ee42df38ef3b493826721b2a07152882cb42cd8d9135a163a5e79924c47169a93506716869054059a8dc42a\
    f0ac4e729565ba936005aebb926405b6959d56d836765e05ba9bb26ce17b060b17c2cd58b830de2b0957615c58b80ae56124\
    5d85f2d9d86d00e5ceee0385f229245d857367e92a9c4f67e9c27954962e9c0f162e94b720e11a946b67972d948f41c23528\
    0f762f1894ab92700dcac724e11a943721e9dadaea345d281776e9da52de58bacb39fb357338f741d27538377631389c0b3b\
    bb0ee7ec5ef075cb8d84eb503ed8adeb50de270b17ca3bfbafe050de8d853bd906e046654f05ba21ec9b836ee87fe986b106\
    d78f98934302b811ec1c026e3476d617dccedea70577b07776c19dfc5ef801471331a1a50b0000
    """)
  static let stored = bytes("1f8b0800000000000403010c00f3ff73746f72656420626c6f636b94a3243d0c000000")

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
