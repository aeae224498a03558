import Contracts
import Foundation
import PackFolder

/// The demo pack, as people wrote it.
func nanchang() throws -> Pack {
    try PackFolder.load(
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "deploy/packs/nanchang"))
}

extension PackCategory {
    static func sample(_ code: CategoryCode, _ keywords: [String], weights: [Int]? = nil) -> PackCategory {
        PackCategory(
            code: code, name: "类别 \(code)", englishName: "Category \(code)", kind: .snapshot, filingLimit: "2w",
            handlingLimit: "4w", keywords: keywords, weights: weights, gbCode: nil, gbVerified: false)
    }

    /// The same words, weighed by their length.
    var unweighted: PackCategory { .sample(code, keywords) }
}
