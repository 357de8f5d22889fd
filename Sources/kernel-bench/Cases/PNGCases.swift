import BenchHarness
import Kernels

extension KernelCases {
  /// PNG: decode and encode beside libpng, and whole files made smaller beside libvips. Speed is in pixels of the source.
  func png(_ context: CaseContext) -> [CaseSeries] {
    let withPeer = !context.kernelAlone
    let row = PNGUnfilterKernel.kernel(context.features).name.description
    let filters = PNGFilterKernel.kernel(context.features).name.description
    let decode = pictures("png-decode", PNGWork.Picture.allCases, row, peers: withPeer ? [LibpngPeer.peer] : []) {
      try PNGWork($0).decoding(row: row, withPeer: withPeer)
    }
    let encode = [1, 6].map { level in
      pictures(
        "png-encode-\(level)", [.photo2M, .rgba3M], filters, peers: withPeer ? [LibpngPeer.peer] : []
      ) { PNGWork($0).encoding(row: filters, level: level, withPeer: withPeer) }
    }
    let peers = withPeer ? [LibvipsPeer.shared.peer] : []
    let resize = pictures("png-resize-300", PNGWork.Picture.photos + [.deep, .screen, .interlaced], row, peers: peers) {
      PNGWork($0).resizing(row: row, to: [PNGResizeTarget(width: 300, height: 0)], withPeer: withPeer)
    }
    let large = pictures("png-resize-1024", [.photo2M, .rgba3M], row, peers: peers) {
      PNGWork($0).resizing(row: row, to: [PNGResizeTarget(width: 1024, height: 0)], withPeer: withPeer)
    }
    let four = pictures("png-resize-4-sizes", [.rgba3M], row, peers: peers) {
      let targets = [1024, 512, 256, 128].map { PNGResizeTarget(width: $0, height: 0) }
      return PNGWork($0).resizing(row: row, to: targets, withPeer: withPeer)
    }
    let icons = pictures("png-resize-32", [.icon], row, peers: peers) {
      PNGWork($0).resizing(row: row, to: [PNGResizeTarget(width: 32, height: 0)], withPeer: withPeer)
    }
    return [decode] + encode + [resize, large, four, icons]
  }

  private func pictures(
    _ name: String, _ pictures: [PNGWork.Picture], _ row: String, peers: [Peer],
    prepare: @escaping (PNGWork.Picture) throws -> [Contender]
  ) -> CaseSeries {
    // Points stand by size; what a picture is called tells them apart.
    let points = pictures.map { picture in
      CaseSeries.Point(picture.size.width * picture.size.height, label: picture.rawValue)
    }
    return CaseSeries(name: name, points: points) { point, caseName in
      let picture = pictures.first { $0.rawValue == point.label } ?? pictures[0]
      return BenchmarkCase(
        name: caseName, series: name, size: point.size,
        parameters: [.init("width", picture.size.width), .init("height", picture.size.height)], unit: .elements,
        row: row, ceiling: .none(reason: "what the bytes of a file allow is not known before"), peers: peers
      ) { try prepare(picture) }
    }
  }
}
