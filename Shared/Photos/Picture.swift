/// A picture in memory: rows of red, green and blue bytes, the top left pixel first.
package struct Picture: Equatable, Sendable {
    package let width: Int
    package let height: Int
    /// Three bytes a pixel, without gaps between rows.
    package let pixels: [UInt8]

    /// - Parameter pixels: `width × height × 3` bytes.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The picture made so small that its longer side has at most so many pixels; as it is where it is smaller.
    ///
    /// Each pixel is the mean of those that it stands for.
    package func fitting(_ most: Int) -> Picture {
        let longer = max(width, height)
        guard longer > most else { return self }
        return scaled(width: max(1, width * most / longer), height: max(1, height * most / longer))
    }

    /// The mean of the box of pixels that each new one stands for; only to smaller sizes.
    func scaled(width newWidth: Int, height newHeight: Int) -> Picture {
        var result = [UInt8](repeating: 0, count: newWidth * newHeight * 3)
        for row in 0..<newHeight {
            let rows = row * height / newHeight..<max(row * height / newHeight + 1, (row + 1) * height / newHeight)
            for column in 0..<newWidth {
                let first = column * width / newWidth
                let columns = first..<max(first + 1, (column + 1) * width / newWidth)
                let mean = mean(rows, columns)
                let position = (row * newWidth + column) * 3
                result[position] = mean.red
                result[position + 1] = mean.green
                result[position + 2] = mean.blue
            }
        }
        return Picture(width: newWidth, height: newHeight, pixels: result)
    }

    private func mean(_ rows: Range<Int>, _ columns: Range<Int>) -> (red: UInt8, green: UInt8, blue: UInt8) {
        var sum = (red: 0, green: 0, blue: 0)
        for row in rows {
            var position = (row * width + columns.lowerBound) * 3
            for _ in columns {
                sum.red += Int(pixels[position])
                sum.green += Int(pixels[position + 1])
                sum.blue += Int(pixels[position + 2])
                position += 3
            }
        }
        let count = rows.count * columns.count
        return (UInt8(sum.red / count), UInt8(sum.green / count), UInt8(sum.blue / count))
    }
}

// MARK: - Which way up

/// How a camera was held, as EXIF writes it (tag 0x0112, CIPA DC-008 section 4.6.4).
package enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case mirroredLeft
    case right
    case mirroredRight
    case left

    /// Whether the picture's width becomes its height.
    var turnsSideways: Bool { rawValue >= 5 }
}

extension Picture {
    /// The picture as it is to be looked at.
    package func turned(from orientation: Orientation) -> Picture {
        guard orientation != .upright else { return self }
        let newWidth = orientation.turnsSideways ? height : width
        let newHeight = orientation.turnsSideways ? width : height
        var result = [UInt8](repeating: 0, count: pixels.count)
        for row in 0..<newHeight {
            for column in 0..<newWidth {
                let (x, y) = source(of: column, row, orientation)
                let from = (y * width + x) * 3
                let to = (row * newWidth + column) * 3
                for part in 0..<3 { result[to + part] = pixels[from + part] }
            }
        }
        return Picture(width: newWidth, height: newHeight, pixels: result)
    }

    /// Where a pixel of the turned picture stands in this one.
    private func source(of column: Int, _ row: Int, _ orientation: Orientation) -> (x: Int, y: Int) {
        let (right, bottom) = (width - 1, height - 1)
        return switch orientation {
        case .upright: (column, row)
        case .mirrored: (right - column, row)
        case .upsideDown: (right - column, bottom - row)
        case .mirroredUpsideDown: (column, bottom - row)
        case .mirroredLeft: (row, column)
        case .right: (row, bottom - column)
        case .mirroredRight: (right - row, bottom - column)
        case .left: (right - row, column)
        }
    }
}
