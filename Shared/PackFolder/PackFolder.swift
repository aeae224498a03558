// PackFolder
