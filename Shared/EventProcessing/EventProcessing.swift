// EventProcessing
